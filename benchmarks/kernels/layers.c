// GFLOP/s of the convolution kernels, layer by layer, for the nets that the project is measured
// with, against the peak of this machine measured in the same run. See README.md.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"
#include "CSupport.h"
#include "peak.h"

typedef struct layer {
  int inputs, upsampled, outputs, side, kernel;  // `upsampled` more inputs, read at half size
} layer;

typedef struct net {
  const char *name, *what;
  int dims, batch, layers;
  layer layer[20];
} net;

static const net nets[] = {
    {"a", "2-D U-Net, depth 2, base 32, 128x1x64^2", 2, 128, 11,
     {{1, 0, 32, 64, 3}, {32, 0, 32, 64, 3}, {32, 0, 64, 32, 3}, {64, 0, 64, 32, 3},
      {64, 0, 128, 16, 3}, {128, 0, 128, 16, 3}, {64, 128, 64, 32, 3}, {64, 0, 64, 32, 3},
      {32, 64, 32, 64, 3}, {32, 0, 32, 64, 3}, {32, 0, 1, 64, 1}}},
    {"b", "3-D U-Net, depth 2, base 16, 4x1x64^3", 3, 4, 11,
     {{1, 0, 16, 64, 3}, {16, 0, 16, 64, 3}, {16, 0, 32, 32, 3}, {32, 0, 32, 32, 3},
      {32, 0, 64, 16, 3}, {64, 0, 64, 16, 3}, {32, 64, 32, 32, 3}, {32, 0, 32, 32, 3},
      {16, 32, 16, 64, 3}, {16, 0, 16, 64, 3}, {16, 0, 1, 64, 1}}},
    {"c", "Self2Self, 1x3x256^2", 2, 1, 18,
     {{3, 0, 48, 256, 3}, {48, 0, 48, 256, 3}, {48, 0, 48, 128, 3}, {48, 0, 48, 64, 3},
      {48, 0, 48, 32, 3}, {48, 0, 48, 16, 3}, {48, 0, 48, 8, 3}, {48, 48, 96, 16, 3},
      {96, 0, 96, 16, 3}, {48, 96, 96, 32, 3}, {96, 0, 96, 32, 3}, {48, 96, 96, 64, 3},
      {96, 0, 96, 64, 3}, {48, 96, 96, 128, 3}, {96, 0, 96, 128, 3}, {3, 96, 64, 256, 3},
      {64, 0, 32, 256, 3}, {32, 0, 3, 256, 3}}},
};

enum { FEWEST = 5, MOST = 40 };
static const double SECONDS = 0.25;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Median seconds of a call.
static double median_time(void (*body)(void *), void *context) {
  double seconds[MOST], start = now();
  int count = 0;
  body(context);
  while (count < FEWEST || (count < MOST && now() - start < SECONDS)) {
    double before = now();
    body(context);
    seconds[count++] = now() - before;
  }
  qsort(seconds, (size_t)count, sizeof *seconds, ascending);
  return seconds[count / 2];
}

static dn_layout make_layout(const net *of, int channels, int side, bool bf16) {
  dn_layout layout = {.batch = of->batch, .channels = channels};
  layout.storage = channels <= 3 ? DN_PLANAR : bf16 ? DN_BLOCKED_BF16 : DN_BLOCKED;
  for (int axis = 0; axis < 3; axis++) {
    layout.size[axis] = axis >= 3 - of->dims ? side : 1;
    layout.halo[axis] = axis >= 3 - of->dims ? 1 : 0;
  }
  return layout;
}

static dn_conv_shape make_shape(const net *of, const layer *l, bool bf16) {
  dn_conv_shape shape = {.output = make_layout(of, l->outputs, l->side, bf16)};
  if (l->upsampled)
    shape.source[shape.sources++].layout = make_layout(of, l->upsampled, l->side / 2, bf16);
  shape.source[shape.sources++].layout = make_layout(of, l->inputs, l->side, bf16);
  for (int axis = 0; axis < 3; axis++) {
    bool used = axis >= 3 - of->dims;
    shape.kernel[axis] = used ? l->kernel : 1;
    shape.stride[axis] = 1;
    for (int s = 0; s < 2; s++) shape.source[s].scale[axis] = 1;
    if (l->upsampled && used) shape.source[0].scale[axis] = 2;
  }
  return shape;
}

static void *make_tensor(const dn_layout *layout) {
  void *tensor = dn_allocate(dn_layout_bytes(layout));
  int64_t count = layout->batch * layout->channels * dn_layout_pixels(layout);
  float *plain = malloc((size_t)count * sizeof(float));
  if (!plain || !tensor) exit(1);
  for (int64_t i = 0; i < count; i++) plain[i] = (float)(i * 7919 % 1000) / 1000 - 0.5f;
  dn_import(layout, plain, tensor);
  free(plain);
  return tensor;
}

typedef struct timed {
  const dn_conv *plan;
  const dn_conv_weights *weights_plan;
  dn_conv_run_arguments run;
  const void *source, *gradient;
  float *weights, *bias;
  void *workspace;
} timed;

static void run_convolution(void *context) {
  timed *job = context;
  dn_conv_run(job->plan, &job->run);
}

static void run_weights(void *context) {
  timed *job = context;
  dn_conv_weights_run(
      job->weights_plan, job->source, job->gradient, job->weights, job->bias, job->workspace);
}

typedef struct result {
  double seconds, operations, ideal;  // `ideal`: seconds at the machine's peak
} result;

static void add(result *to, result other) {
  to->seconds += other.seconds;
  to->operations += other.operations;
  to->ideal += other.ideal;
}

static result time_plan(dn_conv *plan, timed *job, const float *weights) {
  size_t bytes = dn_conv_packed_bytes(plan);
  void *packed = dn_allocate(bytes);
  dn_conv_pack(plan, weights, NULL, packed);
  job->plan = plan;
  job->run.packed = packed;
  size_t workspace = dn_conv_workspace_bytes(plan);
  job->run.workspace = dn_allocate(workspace);
  result found = {median_time(run_convolution, job), dn_conv_operations(plan), 0};
  dn_release(job->run.workspace, workspace);
  dn_release(packed, bytes);
  dn_conv_free(plan);
  return found;
}

// Forward, input gradient (all sources), weight gradient (all sources).
static void time_layer(const net *of, const layer *l, bool bf16, bool first, result found[3]) {
  dn_conv_shape shape = make_shape(of, l, bf16);
  int64_t count = (int64_t)l->outputs * (l->inputs + l->upsampled);
  for (int axis = 0; axis < of->dims; axis++) count *= l->kernel;
  float *weights = calloc((size_t)count, sizeof(float)), *bias = calloc((size_t)l->outputs, 4);
  for (int64_t i = 0; i < count; i++) weights[i] = (float)(i * 31 % 17) / 100;
  void *gradient = make_tensor(&shape.output), *source[2];
  for (int64_t s = 0; s < shape.sources; s++) source[s] = make_tensor(&shape.source[s].layout);
  timed job = {.run = {.source = {source[0], shape.sources > 1 ? source[1] : NULL},
                       .output = make_tensor(&shape.output)}};
  void *output = job.run.output;
  found[0] = time_plan(dn_conv_plan_forward(&shape, NULL), &job, weights);
  found[1] = found[2] = (result){0, 0, 0};
  for (int64_t s = 0; s < shape.sources; s++) {
    if (!first) {
      void *target = make_tensor(&shape.source[s].layout);
      job.run = (dn_conv_run_arguments){
          .source = {gradient}, .output = target, .slope = 1, .gate = source[s]};
      add(&found[1], time_plan(dn_conv_plan_input_gradient(&shape, s, NULL), &job, weights));
      dn_release(target, dn_layout_bytes(&shape.source[s].layout));
    }
    dn_conv_weights *plan = dn_conv_plan_weight_gradient(&shape, s, NULL);
    size_t bytes = dn_conv_weights_workspace_bytes(plan);
    job.weights_plan = plan;
    job.source = source[s], job.gradient = gradient, job.weights = weights, job.bias = bias;
    job.workspace = dn_allocate(bytes);
    add(&found[2], (result){median_time(run_weights, &job), dn_conv_weights_operations(plan), 0});
    dn_release(job.workspace, bytes);
    dn_conv_weights_free(plan);
  }
  for (int64_t s = 0; s < shape.sources; s++)
    dn_release(source[s], dn_layout_bytes(&shape.source[s].layout));
  dn_release(output, dn_layout_bytes(&shape.output));
  dn_release(gradient, dn_layout_bytes(&shape.output));
  free(weights), free(bias);
}

static void show_share(const char *what, result of) {
  printf("%s: %.1f ms, %.0f GFLOP/s, %.0f %% of peak\n", what, of.seconds * 1e3,
         of.operations / of.seconds * 1e-9, 100 * of.ideal / of.seconds);
}

// The peak is measured again for every layer, since a shared machine changes from one to the next.
static void show_net(const net *of, bool bf16) {
  static const char *const kinds[] = {"forward", "input gradient", "weight gradient"};
  printf("\nnet %s (%s), %s, %d threads\n\n| layer | peak |", of->name, of->what,
         bf16 ? "bfloat16" : "float32", dn_threads());
  for (int kind = 0; kind < 3; kind++) printf(" %s ms | GFLOP/s |", kinds[kind]);
  printf("\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  result total[3] = {{0, 0, 0}}, all = {0, 0, 0};
  for (int i = 0; i < of->layers; i++) {
    const layer *l = &of->layer[i];
    result found[3];
    double peak = measure_peak(bf16);
    time_layer(of, l, bf16, i == 0, found);
    printf("| %d", l->inputs);
    if (l->upsampled) printf(" + %d up", l->upsampled);
    printf(" -> %d, side %d, kernel %d | %.0f |", l->outputs, l->side, l->kernel, peak);
    for (int kind = 0; kind < 3; kind++) {
      found[kind].ideal = found[kind].operations / (peak * 1e9);
      add(&total[kind], found[kind]);
      add(&all, found[kind]);
      if (found[kind].seconds == 0) printf(" | |");
      else printf(" %.2f | %.0f |", found[kind].seconds * 1e3,
                  found[kind].operations / found[kind].seconds * 1e-9);
    }
    printf("\n");
    fflush(stdout);
  }
  for (int kind = 0; kind < 3; kind++) show_share(kinds[kind], total[kind]);
  printf("%.1f GFLOP; ", all.operations * 1e-9);
  show_share("all convolutions of a step", all);
}

// layers [nets, such as abc] [f32|bf16|both] [threads ...]
int main(int count, char **words) {
  if (count > 1 && !strcmp(words[1], "peak")) {
    if (count > 2) dn_set_threads(atoi(words[2]));
    printf("{\"f32\": %.1f, \"bf16\": %.1f}\n", measure_peak(false), measure_peak(true));
    return 0;
  }
  const char *wanted = count > 1 ? words[1] : "abc", *type = count > 2 ? words[2] : "both";
  printf("instructions: %s\n", dn_isa_name(dn_kernels_isa()));
  for (int t = 3; t < (count > 3 ? count : 5); t++) {
    dn_set_threads(count > 3 ? atoi(words[t]) : t - 2);
    for (int bf16 = 0; bf16 < 2; bf16++) {
      if (!strcmp(type, bf16 ? "f32" : "bf16")) continue;
      for (size_t n = 0; n < sizeof nets / sizeof *nets; n++)
        if (strchr(wanted, nets[n].name[0])) show_net(&nets[n], bf16);
    }
  }
  return 0;
}
