#include "reference.h"

#include <stdlib.h>

int64_t reference_channels(const dn_conv_shape *shape) {
  int64_t channels = 0;
  for (int64_t s = 0; s < shape->sources; s++) channels += shape->source[s].layout.channels;
  return channels;
}

void reference_input_size(const dn_conv_shape *shape, int64_t size[3]) {
  for (int axis = 0; axis < 3; axis++)
    size[axis] = shape->source[0].layout.size[axis] * shape->source[0].scale[axis];
}

// Visits every element of one source at full size: full[...] and the element it repeats.
static void each_pair(
    const dn_conv_shape *shape, int64_t source, void (*body)(float *full, float *part),
    float *full, float *part) {
  int64_t size[3], channels = reference_channels(shape);
  reference_input_size(shape, size);
  const dn_layout *layout = &shape->source[source].layout;
  const int64_t *scale = shape->source[source].scale;
  int64_t first = source ? shape->source[0].layout.channels : 0;
  for (int64_t n = 0; n < layout->batch; n++)
    for (int64_t c = 0; c < layout->channels; c++)
      for (int64_t z = 0; z < size[0]; z++)
        for (int64_t y = 0; y < size[1]; y++)
          for (int64_t x = 0; x < size[2]; x++) {
            int64_t at = (((n * channels + first + c) * size[0] + z) * size[1] + y) * size[2] + x;
            int64_t from =
                (((n * layout->channels + c) * layout->size[0] + z / scale[0]) * layout->size[1] +
                 y / scale[1]) * layout->size[2] + x / scale[2];
            body(full + at, part + from);
          }
}

static void copy_up(float *full, float *part) { *full = *part; }
static void add_down(float *full, float *part) { *part += *full; }

float *reference_concatenate(const dn_conv_shape *shape, float *const source[2]) {
  int64_t size[3];
  reference_input_size(shape, size);
  float *full = check_zeros(
      shape->output.batch * reference_channels(shape) * size[0] * size[1] * size[2]);
  for (int64_t s = 0; s < shape->sources; s++) each_pair(shape, s, copy_up, full, source[s]);
  return full;
}

float *reference_split(const dn_conv_shape *shape, const float *full, int64_t source) {
  const dn_layout *layout = &shape->source[source].layout;
  float *part = check_zeros(layout->batch * layout->channels * dn_layout_pixels(layout));
  each_pair(shape, source, add_down, (float *)full, part);
  return part;
}

typedef struct product {
  int64_t output, input, weight;
} product;

// Visits the products of output element (n, k, z, y, x) with each weight. Inlined, or the checks
// would take minutes.
static inline __attribute__((always_inline)) void each_product(
    const dn_conv_shape *shape, int64_t n, int64_t k, const int64_t o[3],
    void (*body)(void *, const product *), void *context) {
  int64_t size[3], channels = reference_channels(shape);
  reference_input_size(shape, size);
  const int64_t *kernel = shape->kernel, *out = shape->output.size;
  product p;
  p.output = (((n * shape->output.channels + k) * out[0] + o[0]) * out[1] + o[1]) * out[2] + o[2];
  for (int64_t c = 0; c < channels; c++)
    for (int64_t a = 0; a < kernel[0]; a++)
      for (int64_t b = 0; b < kernel[1]; b++)
        for (int64_t d = 0; d < kernel[2]; d++) {
          const int64_t *start = shape->start;
          int64_t z = start[0] + o[0] * shape->stride[0] + a - kernel[0] / 2;
          int64_t y = start[1] + o[1] * shape->stride[1] + b - kernel[1] / 2;
          int64_t x = start[2] + o[2] * shape->stride[2] + d - kernel[2] / 2;
          if (z < 0 || y < 0 || x < 0 || z >= size[0] || y >= size[1] || x >= size[2]) continue;
          p.input = (((n * channels + c) * size[0] + z) * size[1] + y) * size[2] + x;
          p.weight = (((k * channels + c) * kernel[0] + a) * kernel[1] + b) * kernel[2] + d;
          body(context, &p);
        }
}

typedef struct sums {
  const float *full, *weights;
  double value;
  double *input, *weight;
} sums;

static void multiply(void *context, const product *p) {
  sums *s = context;
  s->value += (double)s->full[p->input] * (double)s->weights[p->weight];
}

static void differentiate(void *context, const product *p) {
  sums *s = context;
  s->input[p->input] += s->value * (double)s->weights[p->weight];
  s->weight[p->weight] += s->value * (double)s->full[p->input];
}

#define EACH_OUTPUT(shape) \
  for (int64_t n = 0; n < (shape)->output.batch; n++) \
    for (int64_t k = 0; k < (shape)->output.channels; k++) \
      for (int64_t z = 0; z < (shape)->output.size[0]; z++) \
        for (int64_t y = 0; y < (shape)->output.size[1]; y++) \
          for (int64_t x = 0; x < (shape)->output.size[2]; x++)

float *reference_forward(
    const dn_conv_shape *shape, const float *full, const float *weights, const float *bias) {
  const dn_layout *out = &shape->output;
  float *output = check_zeros(out->batch * out->channels * dn_layout_pixels(out));
  int64_t at = 0;
  EACH_OUTPUT(shape) {
    sums s = {.full = full, .weights = weights, .value = bias ? (double)bias[k] : 0};
    each_product(shape, n, k, (int64_t[3]){z, y, x}, multiply, &s);
    output[at++] = (float)s.value;
  }
  return output;
}

static float *to_float(double *values, int64_t count) {
  float *result = check_zeros(count);
  for (int64_t i = 0; i < count; i++) result[i] = (float)values[i];
  free(values);
  return result;
}

void reference_backward(
    const dn_conv_shape *shape, const float *full, const float *weights, const float *gradient,
    float **input_gradient, float **weight_gradient, float **bias_gradient) {
  int64_t size[3], channels = reference_channels(shape);
  reference_input_size(shape, size);
  int64_t inputs = shape->output.batch * channels * size[0] * size[1] * size[2];
  int64_t count = shape->output.channels * channels * shape->kernel[0] * shape->kernel[1] *
                  shape->kernel[2];
  sums s = {.full = full, .weights = weights};
  s.input = calloc((size_t)inputs, sizeof(double));
  s.weight = calloc((size_t)count, sizeof(double));
  double *bias = calloc((size_t)shape->output.channels, sizeof(double));
  int64_t at = 0;
  EACH_OUTPUT(shape) {
    s.value = (double)gradient[at++];
    bias[k] += s.value;
    each_product(shape, n, k, (int64_t[3]){z, y, x}, differentiate, &s);
  }
  *input_gradient = to_float(s.input, inputs);
  *weight_gradient = to_float(s.weight, count);
  *bias_gradient = to_float(bias, shape->output.channels);
}
