// The passes between convolutions against plain loops.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

typedef struct setting {
  dn_layout layout;
  double tolerance;
  dn_report *report;
} setting;

static const char *describe(const setting *of, const char *what) {
  static char line[160];
  snprintf(
      line, sizeof line, "%s, %s of %lldx%lldx%lldx%lldx%lld", dn_isa_name(dn_kernels_isa()), what,
      (long long)of->layout.batch, (long long)of->layout.channels, (long long)of->layout.size[0],
      (long long)of->layout.size[1], (long long)of->layout.size[2]);
  return line;
}

static int64_t elements(const dn_layout *layout) {
  return layout->batch * layout->channels * dn_layout_pixels(layout);
}

static float *numbers(const dn_layout *layout, uint32_t seed) {
  float *values = check_random(elements(layout), seed);
  check_round(values, elements(layout), layout->storage);
  return values;
}

// Compares a tensor with plain numbers and releases both.
static void compare(
    const setting *of, const char *what, const dn_layout *layout, void *found, float *expected) {
  float *plain = check_zeros(elements(layout));
  dn_export(layout, found, plain);
  check_close(of->report, describe(of, what), plain, expected, elements(layout), of->tolerance);
  check_true(of->report, describe(of, "halo or padding"), check_clean(layout, found));
  free(plain), free(expected);
  check_release(layout, found);
}

// The fine elements under coarse element `index`, in the order of their numbers.
static int children(
    const dn_layout *fine, const dn_layout *coarse, int64_t index, int64_t found[8]) {
  int64_t at[3], scale[3], rest = index;
  for (int axis = 2; axis >= 0; axis--) {
    at[axis] = rest % coarse->size[axis];
    rest /= coarse->size[axis];
    scale[axis] = fine->size[axis] == coarse->size[axis] ? 1 : 2;
  }
  int count = 0;
  for (int64_t z = at[0] * scale[0]; z < (at[0] + 1) * scale[0]; z++)
    for (int64_t y = at[1] * scale[1]; y < (at[1] + 1) * scale[1]; y++)
      for (int64_t x = at[2] * scale[2]; x < (at[2] + 1) * scale[2]; x++)
        found[count++] = ((rest * fine->size[0] + z) * fine->size[1] + y) * fine->size[2] + x;
  return count;
}

static dn_layout halved(const dn_layout *layout) {
  dn_layout half = *layout;
  for (int axis = 0; axis < 3; axis++)
    if (half.size[axis] > 1) half.size[axis] /= 2;
  return half;
}

static void check_pooling(const setting *of) {
  const dn_layout *fine = &of->layout;
  dn_layout coarse = halved(fine);
  int64_t count = elements(&coarse), place[8];
  float *x = numbers(fine, 1), *g = numbers(&coarse, 2), *gradient = numbers(fine, 3);
  void *source = check_tensor(fine, x), *found = check_tensor(&coarse, NULL);
  void *output_gradient = check_tensor(&coarse, g), *target = check_tensor(fine, gradient);
  float *largest = check_zeros(count);
  for (int64_t i = 0; i < count; i++) {
    int family = children(fine, &coarse, i, place), best = 0;
    for (int c = 1; c < family; c++)
      if (x[place[c]] > x[place[best]]) best = c;
    largest[i] = x[place[best]];
    gradient[place[best]] += g[i] * (largest[i] > 0 ? 1.0f : 0.5f);
  }
  uint8_t *winner = dn_allocate(dn_max_pool_winner_bytes(&coarse));
  check_true(
      of->report, describe(of, "pooling"), dn_max_pool(fine, &coarse, source, found, winner));
  dn_max_pool_gradient(fine, &coarse, output_gradient, winner, target, true, source, 0.5f);
  compare(of, "pooling", &coarse, found, largest);
  compare(of, "gradient of pooling", fine, target, gradient);
  dn_release(winner, dn_max_pool_winner_bytes(&coarse));
  check_release(fine, source), check_release(&coarse, output_gradient);
  free(x), free(g);
}

static void check_upsampling(const setting *of) {
  const dn_layout *coarse = &of->layout;
  dn_layout fine = *coarse;
  for (int axis = 0; axis < 3; axis++)
    if (fine.size[axis] > 1) fine.size[axis] *= 2;
  int64_t place[8];
  float *x = numbers(coarse, 4), *g = numbers(&fine, 5), *sum = check_zeros(elements(coarse));
  float *spread = check_zeros(elements(&fine));
  for (int64_t i = 0; i < elements(coarse); i++) {
    int family = children(&fine, coarse, i, place);
    for (int c = 0; c < family; c++) spread[place[c]] = x[i], sum[i] += g[place[c]];
  }
  void *source = check_tensor(coarse, x), *found = check_tensor(&fine, NULL);
  void *output_gradient = check_tensor(&fine, g), *target = check_tensor(coarse, NULL);
  dn_upsample(&fine, coarse, source, found);
  dn_upsample_gradient(&fine, coarse, output_gradient, target, false);
  compare(of, "upsampling", &fine, found, spread);
  compare(of, "gradient of upsampling", coarse, target, sum);
  check_release(coarse, source), check_release(&fine, output_gradient);
  free(x), free(g);
}

// The plain index of a pixel, or -1 beyond the edge.
static int64_t place_of(const dn_layout *layout, int64_t image, const int64_t at[3]) {
  int64_t place = image;
  for (int axis = 0; axis < 3; axis++) {
    if (at[axis] < 0 || at[axis] >= layout->size[axis]) return -1;
    place = place * layout->size[axis] + at[axis];
  }
  return place;
}

// Splits a plain index into its image (samples and channels) and pixel.
static int64_t split_place(const dn_layout *layout, int64_t index, int64_t at[3]) {
  for (int axis = 2; axis >= 0; axis--) {
    at[axis] = index % layout->size[axis];
    index /= layout->size[axis];
  }
  return index;
}

static void check_neighbours(const setting *of) {
  const dn_layout *layout = &of->layout;
  int64_t count = elements(layout);
  float *x = numbers(layout, 15), *g = numbers(layout, 16);
  float *largest = check_zeros(count), *back = check_zeros(count);
  for (int64_t i = 0; i < count; i++) {
    int64_t at[3], image = split_place(layout, i, at), best = i;
    for (int child = 1; child < 8; child++) {
      int64_t there[3], inside = 1;
      for (int axis = 0; axis < 3; axis++) {
        int step = child >> (2 - axis) & 1;
        if (step && layout->halo[axis] == 0) inside = 0;
        there[axis] = at[axis] + step;
      }
      if (!inside) continue;
      int64_t place = place_of(layout, image, there);
      if ((place < 0 ? 0 : x[place]) > (best < 0 ? 0 : x[best])) best = place;
    }
    largest[i] = best < 0 ? 0 : x[best];
    if (best >= 0) back[best] += g[i];
  }
  void *source = check_tensor(layout, x), *found = check_tensor(layout, NULL);
  void *output_gradient = check_tensor(layout, g), *target = check_tensor(layout, NULL);
  check_true(
      of->report, describe(of, "neighbours"), dn_neighbour_max(layout, source, found));
  dn_neighbour_max_gradient(layout, source, output_gradient, target);
  compare(of, "greatest of neighbours", layout, found, largest);
  compare(of, "gradient of neighbours", layout, target, back);
  check_release(layout, source), check_release(layout, output_gradient);
  free(x), free(g);
}

// Halving and doubling, from the sum that defines them: what fine pixel f and coarse pixel c have
// to do with each other along an axis.
static double share_of(const dn_taps *taps, bool halves, int64_t f, int64_t c, int64_t coarse) {
  if (!halves) return f == c;
  double share = 0;
  for (int64_t k = -1; k <= 2; k++) {
    // Fine pixel f reads tap k of the coarse pixel that it belongs to.
    if ((f - k) % 2) continue;
    int64_t owner = (f - k) / 2;
    if (taps->clamped) owner = owner < 0 ? 0 : owner >= coarse ? coarse - 1 : owner;
    if (owner == c) share += (double)taps->weight[k + 1];
  }
  return share;
}

static void check_taps(const setting *of, bool clamped) {
  const dn_taps used =
      clamped ? (dn_taps){{0.25f, 0.75f, 0.75f, 0.25f}, true} : (dn_taps){{0.25f, 0.5f, 0.25f, 0}, false};
  const dn_layout *coarse = &of->layout;
  dn_layout fine = *coarse;
  for (int axis = 0; axis < 3; axis++)
    if (fine.halo[axis] > 0) fine.size[axis] *= 2;
  float *x = numbers(&fine, 17), *y = numbers(coarse, 18);
  float *small = check_zeros(elements(coarse)), *large = check_zeros(elements(&fine));
  for (int64_t f = 0; f < elements(&fine); f++) {
    int64_t at[3], image = split_place(&fine, f, at), near[3], there[3];
    for (int axis = 0; axis < 3; axis++) near[axis] = fine.halo[axis] ? at[axis] / 2 : at[axis];
    for (there[0] = near[0] - 1; there[0] <= near[0] + 1; there[0]++)
      for (there[1] = near[1] - 1; there[1] <= near[1] + 1; there[1]++)
        for (there[2] = near[2] - 1; there[2] <= near[2] + 1; there[2]++) {
          int64_t c = place_of(coarse, image, there);
          if (c < 0) continue;
          double share = 1;
          for (int axis = 0; axis < 3; axis++)
            share *= share_of(
                &used, fine.halo[axis] > 0, at[axis], there[axis], coarse->size[axis]);
          small[c] += (float)share * x[f];
          large[f] += (float)share * y[c];
        }
  }
  void *fine_source = check_tensor(&fine, x), *coarse_source = check_tensor(coarse, y);
  void *contracted = check_tensor(coarse, NULL), *expanded = check_tensor(&fine, NULL);
  check_true(
      of->report, describe(of, "halving by taps"),
      dn_contract(&fine, coarse, &used, fine_source, contracted));
  check_true(
      of->report, describe(of, "doubling by taps"),
      dn_expand(&fine, coarse, &used, coarse_source, expanded));
  compare(of, clamped ? "halving, clamped" : "halving", coarse, contracted, small);
  compare(of, clamped ? "doubling, clamped" : "doubling", &fine, expanded, large);
  check_release(&fine, fine_source), check_release(coarse, coarse_source);
  free(x), free(y);
}

static void check_partial(const setting *of) {
  const dn_layout *layout = &of->layout;
  int64_t pixels = dn_layout_pixels(layout), count = elements(layout);
  const float slope = 0.125f;
  float *x = numbers(layout, 19), *g = numbers(layout, 20);
  float *share = check_random(layout->batch * pixels, 21);
  float *bias = check_random(layout->channels, 22), *sums = check_zeros(layout->channels);
  float *y = check_zeros(count), *back = check_zeros(count);
  for (int64_t i = 0; i < layout->batch * pixels; i++) share[i] = share[i] > 0 ? 1 + share[i] : 0;
  for (int64_t i = 0; i < count; i++) {
    int64_t channel = i / pixels % layout->channels, image = i / pixels / layout->channels;
    float s = share[image * pixels + i % pixels], v = s > 0 ? s * x[i] + bias[channel] : 0;
    y[i] = v > 0 ? v : v * slope;
  }
  check_round(y, count, layout->storage);
  for (int64_t i = 0; i < count; i++) {
    int64_t channel = i / pixels % layout->channels, image = i / pixels / layout->channels;
    float s = share[image * pixels + i % pixels], v = s > 0 ? g[i] * (y[i] > 0 ? 1 : slope) : 0;
    back[i] = v * s;
    sums[channel] += v;
  }
  void *source = check_tensor(layout, x), *gradient = check_tensor(layout, g);
  dn_partial(layout, source, share, bias, slope, source);
  void *given = check_tensor(layout, y);
  size_t bytes = dn_partial_workspace_bytes(layout);
  void *workspace = dn_allocate(bytes);
  float *found = check_zeros(layout->channels);
  dn_partial_gradient(layout, given, share, slope, gradient, gradient, found, workspace);
  check_close(of->report, describe(of, "bias gradient"), found, sums, layout->channels, 1e-4);
  compare(of, "partial convolution", layout, source, y);
  compare(of, "gradient of partial convolution", layout, gradient, back);
  dn_release(workspace, bytes);
  check_release(layout, given);
  free(x), free(g), free(share), free(bias), free(sums), free(found);
}

static void check_activation(const setting *of) {
  const dn_layout *layout = &of->layout;
  float *x = numbers(layout, 6), *g = numbers(layout, 7);
  void *tensor = check_tensor(layout, x), *gradient = check_tensor(layout, g);
  for (int64_t i = 0; i < elements(layout); i++) {
    if (x[i] > 0) continue;
    x[i] *= 0.25f;
    g[i] *= 0.25f;
  }
  dn_activation(layout, tensor, 0.25f, tensor);
  dn_activation_gradient(layout, tensor, 0.25f, gradient, gradient);
  compare(of, "activation", layout, tensor, x);
  compare(of, "gradient of activation", layout, gradient, g);
}

enum { MOST_CHANNELS = 64 };

typedef struct channel_norm {
  double mean, inverse, gamma, beta;
} channel_norm;

// Normalises `x` and takes the gradient `g` back, in double precision, element by element.
static void normalise(
    const dn_layout *layout, const float *x, const float *g, float slope,
    channel_norm of[MOST_CHANNELS], float *y, float *gradient, float *sums) {
  int64_t pixels = dn_layout_pixels(layout), count = layout->batch * pixels;
  for (int64_t c = 0; c < layout->channels; c++) {
    double sum = 0, squares = 0, sum_g = 0, sum_gx = 0;
    for (int pass = 0; pass < 4; pass++)
      for (int64_t i = 0; i < count; i++) {
        int64_t at = (i / pixels * layout->channels + c) * pixels + i % pixels;
        double v = (double)x[at];
        if (pass == 0) {
          sum += v;
        } else if (pass == 1) {
          of[c].mean = sum / (double)count;
          squares += (v - of[c].mean) * (v - of[c].mean);
        } else {
          of[c].inverse = 1 / sqrt(squares / (double)count + 1e-3);
          double hat = (v - of[c].mean) * of[c].inverse;
          double out = hat * of[c].gamma + of[c].beta;
          double back = (double)g[at] * (out > 0 ? 1 : (double)slope);
          if (pass == 2) {
            y[at] = (float)(out > 0 ? out : out * (double)slope);
            sum_g += back;
            sum_gx += back * hat;
          } else {
            double inner = back - sum_g / (double)count - hat * sum_gx / (double)count;
            gradient[at] = (float)(of[c].gamma * of[c].inverse * inner);
          }
        }
      }
    sums[c] = (float)sum_g;
    sums[layout->channels + c] = (float)sum_gx;
  }
}

static void check_normalisation(const setting *of) {
  const dn_layout *layout = &of->layout;
  int64_t channels = layout->channels;
  const float slope = 0.125f;
  float *x = numbers(layout, 8), *g = numbers(layout, 9), *sums = check_zeros(2 * channels);
  channel_norm expected[MOST_CHANNELS];
  float arrays[4][MOST_CHANNELS];
  for (int64_t c = 0; c < channels; c++) {
    expected[c].gamma = 1 + 0.01 * (double)c;
    expected[c].beta = 0.02 * (double)c - 0.31;
  }
  float *y = check_zeros(elements(layout)), *gradient = check_zeros(elements(layout));
  normalise(layout, x, g, slope, expected, y, gradient, sums);
  dn_norm norm = {arrays[0], arrays[1], arrays[2], arrays[3]};
  for (int64_t c = 0; c < channels; c++) {
    double scale = expected[c].gamma * expected[c].inverse;
    arrays[0][c] = (float)expected[c].mean, arrays[1][c] = (float)expected[c].inverse;
    arrays[2][c] = (float)scale, arrays[3][c] = (float)(expected[c].beta - expected[c].mean * scale);
  }
  void *source = check_tensor(layout, x), *output = check_tensor(layout, NULL);
  void *back = check_tensor(layout, g);
  dn_norm_apply(layout, &norm, source, slope, output);
  float *found = check_zeros(2 * channels);
  size_t bytes = dn_norm_workspace_bytes(layout);
  void *workspace = dn_allocate(bytes);
  dn_norm_gradient_sums(layout, &norm, source, slope, back, found, workspace);
  check_close(of->report, describe(of, "sums"), found, sums, 2 * channels, 1e-4);
  dn_norm_gradient(layout, &norm, source, slope, back, found, back);
  compare(of, "normalisation", layout, output, y);
  compare(of, "gradient of normalisation", layout, back, gradient);
  dn_release(workspace, bytes);
  check_release(layout, source);
  free(x), free(g), free(sums), free(found);
}

static void check_dropout(const setting *of) {
  const dn_layout *layout = &of->layout;
  const float rate = 0.25f;
  int64_t pixels = dn_layout_pixels(layout), width = layout->size[2];
  int64_t blocks = (layout->channels + 15) / 16;
  float *x = numbers(layout, 10);
  void *tensor = check_tensor(layout, x);
  for (int64_t i = 0; i < elements(layout); i++) {
    int64_t pixel = i % pixels, channel = i / pixels % layout->channels;
    int64_t image = i / pixels / layout->channels;
    uint32_t counter[4] = {
        (uint32_t)(pixel % width / 4 * 16 + channel % 16), (uint32_t)(pixel / width),
        (uint32_t)(image * blocks + channel / 16), 7};
    const uint32_t key[2] = {0x89abcdefu, 0x01234567u};
    uint32_t words[4];
    dn_philox(counter, key, words);
    x[i] = words[pixel % width % 4] < 0x40000000u ? 0 : x[i] / (1 - rate);
  }
  dn_dropout(layout, tensor, rate, 0x0123456789abcdefu, 7, tensor);
  compare(of, "dropout", layout, tensor, x);
}

// Sums over pixels, the only results that could depend on the partition.
static void check_threads(const setting *of) {
  const dn_layout *layout = &of->layout;
  float *x = numbers(layout, 14), arrays[4][MOST_CHANNELS], found[3][2 * MOST_CHANNELS];
  float *share = check_random(layout->batch * dn_layout_pixels(layout), 23);
  float biases[3][MOST_CHANNELS];
  for (int i = 0; i < 4; i++)
    for (int c = 0; c < MOST_CHANNELS; c++) arrays[i][c] = 0.5f;
  const dn_norm norm = {arrays[0], arrays[1], arrays[2], arrays[3]};
  void *tensor = check_tensor(layout, x);
  void *gradient = check_tensor(layout, NULL);
  size_t bytes = dn_norm_workspace_bytes(layout), partial = dn_partial_workspace_bytes(layout);
  if (partial > bytes) bytes = partial;
  void *workspace = dn_allocate(bytes);
  int before = dn_threads();
  for (int threads = 1; threads <= 3; threads++) {
    dn_set_threads(threads);
    dn_norm_gradient_sums(layout, &norm, tensor, 0, tensor, found[threads - 1], workspace);
    dn_partial_gradient(
        layout, tensor, share, 0.5f, tensor, gradient, biases[threads - 1], workspace);
  }
  dn_set_threads(before);
  size_t size = (size_t)(2 * layout->channels) * sizeof(float);
  check_true(
      of->report, describe(of, "bytes for 1, 2 and 3 threads"),
      !memcmp(found[0], found[1], size) && !memcmp(found[0], found[2], size) &&
          !memcmp(biases[0], biases[1], size / 2) && !memcmp(biases[0], biases[2], size / 2));
  dn_release(workspace, bytes);
  check_release(layout, tensor), check_release(layout, gradient);
  free(x), free(share);
}

static void check_all(void *context) {
  const setting *of = context;
  check_pooling(of);
  check_upsampling(of);
  check_neighbours(of);
  check_taps(of, false);
  check_taps(of, true);
  check_partial(of);
  check_activation(of);
  check_normalisation(of);
  check_dropout(of);
  check_threads(of);
}

void dn_check_pointwise(int bf16, dn_report *report) {
  static const int64_t sizes[][3] = {{1, 1, 1}, {1, 1, 13}, {1, 6, 9}, {4, 5, 6}, {2, 2, 66}};
  static const int64_t channels[] = {1, 15, 16, 17, 48};
  for (int size = 0; size < 5; size++)
    for (int c = 0; c < 5; c++) {
      setting of = {.report = report, .tolerance = bf16 ? 1e-2 : 2e-5};
      of.layout.storage = bf16 ? DN_BLOCKED_BF16 : DN_BLOCKED;
      of.layout.batch = 1 + c % 3;
      of.layout.channels = channels[c];
      for (int axis = 0; axis < 3; axis++) {
        of.layout.size[axis] = sizes[size][axis];
        of.layout.halo[axis] = sizes[size][axis] > 1 ? 1 + c % 2 : 0;
      }
      check_each_isa(check_all, &of);
    }
}
