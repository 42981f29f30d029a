// Convolutions over a grid of shapes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"

typedef struct arrangement {
  int sources, first_scale, stride;
} arrangement;

static const arrangement arrangements[] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {2, 2, 1}, {1, 1, 2}};
static const int kernels[] = {1, 3, 5, 7};
static const int channel_counts[] = {1, 3, 16, 17, 32, 48, 15, 33, 96};
static const int batches[] = {1, 3};
// Sizes of the smaller grid (that of an upsampled source); unused axes are cut off.
static const int sizes[][3] = {
    {1, 1, 1}, {2, 3, 5}, {1, 2, 16}, {3, 4, 7}, {1, 5, 33}, {2, 1, 8}, {1, 1, 67}, {4, 3, 1}};

enum { ROUNDS = 2, COUNT_OF_CHANNELS = 9, COUNT_OF_SIZES = 8, GRID = 60 * ROUNDS };

// Shapes that are computed by tiles of 2 x 2 outputs (see winograd.c): depth of the volume and of
// the kernel, height and width, inputs, outputs, batch.
static const int tiled[][7] = {
    {1, 1, 8, 8, 16, 16, 1},     {1, 1, 2, 8, 17, 33, 3},  {1, 1, 10, 12, 32, 48, 1},
    {1, 1, 4, 150, 48, 32, 1},   {1, 1, 70, 10, 5, 16, 1}, {1, 1, 16, 16, 96, 96, 3},
    {1, 1, 6, 18, 160, 40, 1},   {3, 3, 4, 10, 16, 17, 1}, {2, 3, 6, 8, 33, 16, 3},
    {4, 1, 8, 14, 16, 32, 1},    {1, 3, 8, 8, 15, 5, 1},   {5, 5, 8, 8, 16, 16, 1}};

enum { COUNT_OF_TILED = sizeof tiled / sizeof *tiled };

static dn_layout make_layout(
    int64_t batch, int64_t channels, const int64_t size[3], const int64_t halo[3], bool planar,
    bool bf16) {
  dn_layout layout = {.batch = batch, .channels = channels};
  layout.storage = planar ? DN_PLANAR : bf16 ? DN_BLOCKED_BF16 : DN_BLOCKED;
  memcpy(layout.size, size, sizeof layout.size);
  memcpy(layout.halo, halo, sizeof layout.halo);
  return layout;
}

static dn_conv_shape make_tiled_shape(int number, bool bf16, char *name, size_t length) {
  const int *of = tiled[number];
  int64_t size[3] = {of[0], of[2], of[3]}, halo[3] = {of[1] / 2, 1 + number % 2, 1 + number % 2};
  dn_conv_shape shape = {
      .sources = 1, .kernel = {of[1], 3, 3}, .stride = {1, 1, 1},
      .source = {{.scale = {1, 1, 1}}}};
  shape.source[0].layout = make_layout(of[6], of[4], size, halo, false, bf16);
  shape.output = make_layout(of[6], of[5], size, halo, false, bf16);
  snprintf(
      name, length, "tiled case %d: kernel %dx3x3, %d -> %d channels, %dx%dx%d, batch %d", number,
      of[1], of[4], of[5], of[0], of[2], of[3], of[6]);
  return shape;
}

// The case with a given number: every arrangement with every kernel and dimension, and channels,
// sizes and batches going round at their own pace.
static dn_conv_shape make_shape(int number, bool bf16, char *name, size_t length) {
  const arrangement *how = &arrangements[number % 5];
  int dims = 1 + number / 5 % 3, kernel = kernels[number / 15 % 4];
  if (dims == 3 && kernel > 5) kernel = 3;
  dn_conv_shape shape = {.sources = how->sources};
  int64_t small[3], full[3], halo[3];
  for (int axis = 0; axis < 3; axis++) {
    bool used = axis >= 3 - dims;
    small[axis] = used ? sizes[(number * 3 + number / 8) % COUNT_OF_SIZES][axis] : 1;
    shape.kernel[axis] = used ? kernel : 1;
    shape.stride[axis] = used ? how->stride : 1;
    full[axis] = used ? small[axis] * how->first_scale : 1;
    halo[axis] = used ? kernel / 2 + number % 2 : 0;
  }
  int inputs[2], outputs = channel_counts[(number / 3 + number) % COUNT_OF_CHANNELS];
  for (int s = 0; s < how->sources; s++) {
    inputs[s] = channel_counts[(number * 5 + s * 2 + number / 9) % COUNT_OF_CHANNELS];
    bool scaled = s == 0 && how->first_scale == 2;
    shape.source[s].layout = make_layout(
        batches[number % 2], inputs[s], scaled ? small : full, halo,
        inputs[s] <= 3 && number / 4 % 2, bf16);
    for (int axis = 0; axis < 3; axis++)
      shape.source[s].scale[axis] = scaled && axis >= 3 - dims ? 2 : 1;
  }
  for (int axis = 0; axis < 3; axis++)
    full[axis] = (full[axis] + shape.stride[axis] - 1) / shape.stride[axis];
  shape.output = make_layout(
      batches[number % 2], outputs, full, halo, outputs <= 3 && number / 4 % 2, bf16);
  snprintf(
      name, length,
      "case %d: %d-D, kernel %d, stride %d, %d%s + %d -> %d channels, %lldx%lldx%lld, batch %d",
      number, dims, kernel, how->stride, inputs[0], how->first_scale == 2 ? " upsampled" : "",
      how->sources > 1 ? inputs[1] : 0, outputs, (long long)full[0], (long long)full[1],
      (long long)full[2], batches[number % 2]);
  return shape;
}

static int64_t elements(const dn_layout *layout) {
  return layout->batch * layout->channels * dn_layout_pixels(layout);
}

typedef struct setting {
  dn_conv_shape shape;
  const char *name;
  double tolerance;
  float *source[2], *weights, *bias, *gradient, *full;
  int64_t weight_count;
  // What is expected, before activation, gate and accumulation.
  float *output, *input_gradient, *weight_gradient, *bias_gradient;
} setting;

static char *describe(const setting *of, const char *what) {
  static char line[256];
  snprintf(
      line, sizeof line, "%s, %s of %s", dn_isa_name(dn_kernels_isa()), what, of->name);
  return line;
}

static void check_forward(const setting *of, dn_report *report) {
  const dn_layout *out = &of->shape.output;
  int64_t count = elements(out), pixels = dn_layout_pixels(out);
  const float slope = 0.25f;
  float *expected = check_zeros(count);
  memcpy(expected, of->output, (size_t)count * sizeof(float));
  double *sums = calloc((size_t)(2 * out->channels), sizeof *sums);
  float *found_sums = check_zeros(2 * out->channels);
  float *expected_sums = check_zeros(2 * out->channels);
  for (int64_t i = 0; i < count; i++) {
    if (expected[i] < 0) expected[i] *= slope;
    int64_t channel = i / pixels % out->channels;
    expected_sums[channel] += expected[i];
    expected_sums[out->channels + channel] += expected[i] * expected[i];
  }
  const char *problem = NULL;
  dn_conv *plan = dn_conv_plan_forward(&of->shape, &problem);
  check_true(report, describe(of, problem ? problem : "plan"), plan != NULL);
  if (!plan) return;
  dn_conv_run_arguments run = {.slope = slope, .sums = sums};
  for (int64_t s = 0; s < of->shape.sources; s++)
    run.source[s] = check_tensor(&of->shape.source[s].layout, of->source[s]);
  size_t packed = dn_conv_packed_bytes(plan), workspace = dn_conv_workspace_bytes(plan);
  void *weights = dn_allocate(packed);
  run.workspace = dn_allocate(workspace);
  run.output = check_tensor(out, NULL);
  dn_conv_pack(plan, of->weights, of->bias, weights);
  run.packed = weights;
  dn_conv_run(plan, &run);
  float *found = check_zeros(count);
  dn_export(out, run.output, found);
  check_close(report, describe(of, "output"), found, expected, count, of->tolerance);
  for (int64_t i = 0; i < 2 * out->channels; i++) found_sums[i] = (float)sums[i];
  check_close(
      report, describe(of, "sums"), found_sums, expected_sums, 2 * out->channels, of->tolerance);
  check_true(report, describe(of, "halo or padding"), check_clean(out, run.output));
  for (int64_t s = 0; s < of->shape.sources; s++)
    check_release(&of->shape.source[s].layout, (void *)run.source[s]);
  check_release(out, run.output);
  dn_release(weights, packed);
  dn_release(run.workspace, workspace);
  dn_conv_free(plan);
  free(expected), free(sums), free(found_sums), free(expected_sums), free(found);
}

// With a gate, and added to what is there already.
static void check_input_gradient(const setting *of, int64_t s, dn_report *report) {
  const dn_layout *layout = &of->shape.source[s].layout;
  int64_t count = elements(layout);
  float *expected = reference_split(&of->shape, of->input_gradient, s);
  float *before = check_random(count, 77);
  check_round(before, count, layout->storage);
  for (int64_t i = 0; i < count; i++)
    expected[i] = before[i] + (of->source[s][i] > 0 ? 1.0f : 0.5f) * expected[i];
  dn_conv *plan = dn_conv_plan_input_gradient(&of->shape, s, NULL);
  check_true(report, describe(of, "plan of the input gradient"), plan != NULL);
  if (!plan) return;
  size_t packed = dn_conv_packed_bytes(plan);
  void *weights = dn_allocate(packed);
  dn_conv_pack(plan, of->weights, NULL, weights);
  void *gate = check_tensor(layout, of->source[s]), *output = check_tensor(layout, before);
  void *gradient = check_tensor(&of->shape.output, of->gradient);
  dn_conv_run_arguments run = {
      .source = {gradient}, .packed = weights, .output = output, .slope = 1, .accumulate = true,
      .gate = gate, .gate_slope = 0.5f};
  size_t workspace = dn_conv_workspace_bytes(plan);
  run.workspace = dn_allocate(workspace);
  dn_conv_run(plan, &run);
  dn_release(run.workspace, workspace);
  float *found = check_zeros(count);
  dn_export(layout, output, found);
  check_close(report, describe(of, "input gradient"), found, expected, count, of->tolerance);
  check_true(report, describe(of, "halo or padding (gradient)"), check_clean(layout, output));
  check_release(layout, gate), check_release(layout, output);
  check_release(&of->shape.output, gradient);
  dn_release(weights, packed);
  dn_conv_free(plan);
  free(expected), free(before), free(found);
}

static void add_weight_gradient(
    const setting *of, int64_t s, float *weight_gradient, float *bias_gradient,
    dn_report *report) {
  const dn_layout *layout = &of->shape.source[s].layout;
  const char *problem = NULL;
  dn_conv_weights *plan = dn_conv_plan_weight_gradient(&of->shape, s, &problem);
  check_true(report, describe(of, problem ? problem : "plan of the weight gradient"), plan != NULL);
  if (!plan) return;
  void *source = check_tensor(layout, of->source[s]);
  void *gradient = check_tensor(&of->shape.output, of->gradient);
  size_t bytes = dn_conv_weights_workspace_bytes(plan);
  void *workspace = dn_allocate(bytes);
  memset(workspace, 0xff, bytes);
  dn_conv_weights_run(plan, source, gradient, weight_gradient, bias_gradient, workspace);
  check_release(layout, source), check_release(&of->shape.output, gradient);
  dn_release(workspace, bytes);
  dn_conv_weights_free(plan);
}

static void check_gradients(const setting *of, dn_report *report) {
  float *found = check_random(of->weight_count, 5);
  float *found_bias = check_zeros(of->shape.output.channels);
  for (int64_t s = 0; s < of->shape.sources; s++) {
    check_input_gradient(of, s, report);
    add_weight_gradient(of, s, found, s == 0 ? found_bias : NULL, report);
  }
  check_close(
      report, describe(of, "weight gradient"), found, of->weight_gradient, of->weight_count,
      of->tolerance);
  check_close(
      report, describe(of, "bias gradient"), found_bias, of->bias_gradient,
      of->shape.output.channels, 1e-5);
  free(found), free(found_bias);
}

static setting make_setting(int number, bool bf16, char *name, size_t length) {
  setting of = {.name = name, .tolerance = bf16 ? 1.2e-2 : 1e-5};
  of.shape = number < GRID ? make_shape(number, bf16, name, length)
                           : make_tiled_shape(number - GRID, bf16, name, length);
  const dn_layout *out = &of.shape.output;
  for (int64_t s = 0; s < of.shape.sources; s++) {
    const dn_layout *layout = &of.shape.source[s].layout;
    of.source[s] = check_random(elements(layout), (uint32_t)(number * 7 + s));
    check_round(of.source[s], elements(layout), layout->storage);
  }
  of.weight_count = out->channels * reference_channels(&of.shape) * of.shape.kernel[0] *
                    of.shape.kernel[1] * of.shape.kernel[2];
  of.weights = check_random(of.weight_count, 1);
  of.bias = check_random(out->channels, 2);
  of.gradient = check_random(elements(out), 3);
  check_round(of.gradient, elements(out), out->storage);
  of.full = reference_concatenate(&of.shape, of.source);
  return of;
}

static void find_references(setting *of) {
  of->output = reference_forward(&of->shape, of->full, of->weights, of->bias);
  reference_backward(
      &of->shape, of->full, of->weights, of->gradient, &of->input_gradient, &of->weight_gradient,
      &of->bias_gradient);
}

// Of the same convolution some box of its result alone; false where it has a stride.
static bool make_window(setting *of, int number, char *name, size_t length) {
  dn_layout *out = &of->shape.output;
  snprintf(name, length, "window of %s", of->name);
  of->name = name;
  of->shape.is_window = true;
  for (int axis = 0; axis < 3; axis++) {
    if (of->shape.stride[axis] != 1) return false;
    int64_t size = out->size[axis], start = size * (number % 3) / 4 / 2 * 2;
    of->shape.start[axis] = start;
    out->size[axis] = (size - start) * (2 + number % 2) / 3;
    if (out->size[axis] < 1) out->size[axis] = 1;
  }
  free(of->output);
  of->output = reference_forward(&of->shape, of->full, of->weights, of->bias);
  return true;
}

static void free_setting(setting *of) {
  free(of->source[0]), free(of->source[1]), free(of->weights), free(of->bias);
  free(of->gradient), free(of->full), free(of->output), free(of->input_gradient);
  free(of->weight_gradient), free(of->bias_gradient);
}

typedef struct checking {
  const setting *of;
  dn_report *report;
} checking;

static void check_setting(void *context) {
  const checking *job = context;
  check_forward(job->of, job->report);
  check_gradients(job->of, job->report);
}

static void check_window(void *context) {
  const checking *job = context;
  check_forward(job->of, job->report);
  const dn_conv_shape *shape = &job->of->shape;
  bool is_refused = !dn_conv_plan_input_gradient(shape, 0, NULL) &&
                    !dn_conv_plan_weight_gradient(shape, 0, NULL);
  check_true(job->report, describe(job->of, "refusal of gradients"), is_refused);
}

// Windows that reach outside, that begin within an upsampled pixel, and that have a stride.
static void check_wrong_windows(setting *of, dn_report *report) {
  const dn_conv_shape right = of->shape;
  for (int axis = 0; axis < 3; axis++)
    for (int kind = 0; kind < 4; kind++) {
      of->shape = right;
      int64_t *start = &of->shape.start[axis];
      if (kind == 0) *start = -2;
      if (kind == 1) *start = right.source[0].layout.size[axis] * right.source[0].scale[axis];
      if (kind == 2) of->shape.stride[axis] = 2;
      if (kind == 3) {
        if (right.source[0].scale[axis] == 1) continue;
        *start += 1;
      }
      check_true(
          report, describe(of, "refusal of a wrong window"), !dn_conv_plan_forward(&of->shape, NULL));
    }
  of->shape = right;
}

void dn_check_convolutions(int bf16, dn_report *report) {
  for (int number = 0; number < GRID + COUNT_OF_TILED; number++) {
    char name[200];
    setting of = make_setting(number, bf16, name, sizeof name);
    find_references(&of);
    check_each_isa(check_setting, &(checking){&of, report});
    char of_window[240];
    if (make_window(&of, number, of_window, sizeof of_window)) {
      check_each_isa(check_window, &(checking){&of, report});
      check_wrong_windows(&of, report);
    }
    free_setting(&of);
  }
}

static uint64_t hash(uint64_t state, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++)
    state = (state ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
  return state;
}

// A digest of all the results of one case.
static uint64_t digest(const setting *of) {
  uint64_t state = 14695981039346656037u;
  const dn_layout *out = &of->shape.output;
  double *sums = calloc((size_t)(2 * out->channels), sizeof *sums);
  float *weight = check_zeros(of->weight_count);
  float *bias = check_zeros(out->channels);
  dn_conv *plan = dn_conv_plan_forward(&of->shape, NULL);
  dn_conv_run_arguments run = {.slope = 0, .sums = sums, .output = check_tensor(out, NULL)};
  size_t packed = dn_conv_packed_bytes(plan), workspace = dn_conv_workspace_bytes(plan);
  void *weights = dn_allocate(packed);
  dn_conv_pack(plan, of->weights, of->bias, weights);
  run.packed = weights;
  run.workspace = dn_allocate(workspace);
  for (int64_t s = 0; s < of->shape.sources; s++)
    run.source[s] = check_tensor(&of->shape.source[s].layout, of->source[s]);
  dn_conv_run(plan, &run);
  state = hash(state, run.output, dn_layout_bytes(out));
  state = hash(state, sums, (size_t)(2 * out->channels) * sizeof *sums);
  dn_report ignored = {.cases = 0};
  for (int64_t s = 0; s < of->shape.sources; s++) {
    add_weight_gradient(of, s, weight, bias, &ignored);
    check_release(&of->shape.source[s].layout, (void *)run.source[s]);
  }
  state = hash(state, weight, (size_t)of->weight_count * sizeof(float));
  state = hash(state, bias, (size_t)out->channels * sizeof(float));
  check_release(out, run.output);
  dn_release(weights, packed);
  dn_release(run.workspace, workspace);
  dn_conv_free(plan);
  free(sums), free(weight), free(bias);
  return state;
}

void dn_check_thread_counts(int bf16, dn_report *report) {
  int before = dn_threads();
  for (int number = GRID - 60; number < GRID + COUNT_OF_TILED; number++) {
    char name[200];
    setting of = make_setting(number, bf16, name, sizeof name);
    uint64_t found[3];
    for (int threads = 1; threads <= 3; threads++) {
      dn_set_threads(threads);
      found[threads - 1] = digest(&of);
    }
    check_true(
        report, describe(&of, "bytes for 1, 2 and 3 threads"),
        found[0] == found[1] && found[0] == found[2]);
    free_setting(&of);
  }
  dn_set_threads(before);
}
