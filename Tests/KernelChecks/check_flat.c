// Optimisers and random numbers; and shapes that must be refused.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

// Some updates in double precision, as the papers write them.
static void update(
    const dn_adam *adam, int64_t count, const float *g, double *p, double *m, double *v) {
  double b1 = (double)adam->beta1, b2 = (double)adam->beta2, t = (double)adam->step;
  double rate = (double)adam->rate, decay = (double)adam->decay, eps = (double)adam->epsilon;
  for (int64_t i = 0; i < count; i++) {
    double gradient = (double)g[i] * (double)adam->gradient_scale;
    if (adam->decoupled) p[i] -= rate * decay * p[i];
    else gradient += decay * p[i];
    m[i] = b1 * m[i] + (1 - b1) * gradient;
    v[i] = b2 * v[i] + (1 - b2) * gradient * gradient;
    double first = m[i] / (1 - pow(b1, t)), second = sqrt(v[i] / (1 - pow(b2, t)));
    double most = 2 / (1 - b2) - 1;
    double length = most - 2 * t * pow(b2, t) / (1 - pow(b2, t));
    if (!adam->rectified) {
      p[i] -= rate * first / (second + eps);
    } else if (length > 5) {
      double r = sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
      p[i] -= rate * first * r * sqrt(1 - pow(b2, t)) / (sqrt(v[i]) + eps);
    } else {
      p[i] -= rate * first;
    }
  }
}

enum { COUNT = 20011, STEPS = 12 };

static void check_adam(const dn_adam *kind, const char *name, dn_report *report) {
  float *p = check_random(COUNT, 1), *m = check_zeros(COUNT), *v = check_zeros(COUNT);
  float *expected = check_zeros(COUNT);
  double *wide = calloc((size_t)COUNT * 3, sizeof(double));
  for (int i = 0; i < COUNT; i++) wide[i] = (double)p[i];
  dn_adam adam = *kind;
  for (adam.step = 1; adam.step <= STEPS; adam.step++) {
    float *g = check_random(COUNT, (uint32_t)adam.step + 10);
    dn_adam_update(&adam, COUNT, g, p, m, v);
    update(&adam, COUNT, g, wide, wide + COUNT, wide + 2 * COUNT);
    free(g);
  }
  for (int i = 0; i < COUNT; i++) expected[i] = (float)wide[i];
  check_close(report, name, p, expected, COUNT, 1e-5);
  free(p), free(m), free(v), free(expected), free(wide);
}

static void check_optimisers(void *context) {
  dn_report *report = context;
  dn_adam adam = {.rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.99f, .epsilon = 1e-6f,
                  .decay = 0.1f, .gradient_scale = 0.5f};
  check_adam(&adam, "Adam", report);
  adam.decoupled = true;
  check_adam(&adam, "AdamW", report);
  adam.rectified = true;
  check_adam(&adam, "RAdam", report);
  const int64_t long_count = (1 << 22) + 77;
  float *g = check_random(long_count, 4);
  double squares = 0;
  for (int64_t i = 0; i < long_count; i++) squares += (double)g[i] * (double)g[i];
  check_true(
      report, "norm of the gradient",
      fabs(dn_gradient_norm(long_count, g) - sqrt(squares)) < 1e-9 * sqrt(squares));
  free(g);
}

void dn_check_optimisers(dn_report *report) { check_each_isa(check_optimisers, report); }

// Test vectors of the authors' library, Random123 (kat_vectors, philox4x32 with 10 rounds).
void dn_check_random(dn_report *report) {
  static const uint32_t vectors[3][10] = {
      {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
      {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
       0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
       0x94fdcceb, 0x5001e420, 0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    uint32_t found[4];
    dn_philox(vectors[i], vectors[i] + 4, found);
    check_true(
        report, "test vector of Philox", memcmp(found, vectors[i] + 6, sizeof found) == 0);
  }
}

static dn_conv_shape plain_shape(void) {
  dn_layout layout = {DN_BLOCKED, 1, 16, {1, 8, 8}, {0, 1, 1}};
  return (dn_conv_shape){.output = layout, .kernel = {1, 3, 3}, .stride = {1, 1, 1},
                         .sources = 1, .source = {{layout, {1, 1, 1}}}};
}

static void refuse(const char *what, dn_conv_shape shape, dn_report *report) {
  const char *problem = NULL;
  dn_conv *plan = dn_conv_plan_forward(&shape, &problem);
  check_true(report, what, plan == NULL && problem != NULL);
  dn_conv_free(plan);
}

void dn_check_refusals(dn_report *report) {
  dn_conv_shape shape = plain_shape();
  dn_conv *plan = dn_conv_plan_forward(&shape, NULL);
  check_true(report, "a sound shape", plan != NULL);
  dn_conv_free(plan);
  shape.source[0].layout.halo[1] = 0;
  refuse("a halo too narrow", shape, report);
  shape = plain_shape(), shape.kernel[2] = 4;
  refuse("an even kernel", shape, report);
  shape = plain_shape(), shape.output.size[1] = 9;
  refuse("sizes that disagree", shape, report);
  shape = plain_shape(), shape.stride[1] = 3;
  refuse("a stride of 3", shape, report);
  shape = plain_shape(), shape.source[0].scale[1] = 2, shape.stride[1] = 2;
  refuse("stride and upsampling", shape, report);
  shape = plain_shape(), shape.output.size[1] = (int64_t)1 << 60;
  refuse("a size that does not fit", shape, report);
  shape = plain_shape(), shape.sources = 3;
  refuse("three sources", shape, report);
  shape = plain_shape(), shape.source[0].layout.batch = 2;
  refuse("batches that differ", shape, report);
  shape = plain_shape(), shape.output.storage = DN_BLOCKED_BF16;
  const char *problem = NULL;
  check_true(
      report, "a weight gradient of mixed precision",
      !dn_conv_plan_weight_gradient(&shape, 0, &problem) && problem);
  check_true(report, "no such source", !dn_conv_plan_input_gradient(&shape, 1, &problem));
  dn_layout fine = shape.source[0].layout, coarse = fine;
  coarse.size[1] = 3;
  check_true(
      report, "pooling to a size that does not fit",
      !dn_max_pool(&fine, &coarse, NULL, NULL, NULL));
}
