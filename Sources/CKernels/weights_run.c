// Runs a planned weight gradient: partial sums of chunks of rows, then their sum in fixed order.
#include <string.h>

#include "CSupport.h"
#include "weights_run.h"
#include "winograd.h"

// Both blocked, float32.
static void add_blocked(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
  const dn_conv_weights *plan = job->plan;
  const dn_view *view = &plan->phase[at->phase].view[0];
  const float *source =
      (const float *)job->source + dn_weights_source_start(plan, at) + block * plan->in.block;
  const float *gradient = (const float *)job->gradient + dn_weights_gradient_start(plan, at);
  dn_gradient_rows rows = {
      .source_row = view->axis[1].step * plan->in.row,
      .source_step = view->axis[2].step * DN_LANES,
      .gradient_row = plan->phases[1] * plan->out.row,
      .gradient_step = plan->phases[2] * DN_LANES, .rows = at->rows, .width = at->width};
  for (int64_t k = 0; k < plan->out.blocks; k++) {
    rows.gradient = gradient + k * plan->out.block;
    rows.weights = partial + (k * plan->taps + plan->first_tap[at->phase]) * 256;
    for (int64_t r = 0; r < view->run_count; r++) {
      rows.source = source + view->runs[r].offset;
      rows.length = view->runs[r].length;
      plan->kernels->gradient_rows(&rows);
      rows.weights += rows.length * 256;
    }
  }
}

// Both blocked, float32, by tiles of 2 x 2 outputs: the transpose of what winograd.c does. Inputs
// and gradients are transformed, and their products summed for each position.
static void add_tiled(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
  const dn_conv_weights *plan = job->plan;
  const dn_axis_view *depth = &plan->phase[0].view[0].axis[0];
  const dn_strides *in = &plan->in, *out = &plan->out;
  enum { AREA = DN_POSITIONS * DN_PIECE_TILES * DN_LANES };
  _Alignas(64) float inputs[AREA], gradients[AREA];
  int64_t position = at->rows * at->width * DN_LANES;
  dn_winograd_rows rows = {.tiles = at->width, .position = position};
  for (int64_t z = 0; z < depth->taps; z++) {
    const float *source = (const float *)job->source + in->origin + at->image * in->image +
                          block * in->block + (at->z + depth->tap[z].offset) * in->plane +
                          (2 * at->y - 1) * in->row + (2 * at->x - 1) * DN_LANES;
    rows.row = in->row;
    for (int64_t y = 0; y < at->rows; y++) {
      rows.source = source + 2 * y * in->row;
      rows.to = inputs + y * at->width * DN_LANES;
      plan->kernels->winograd_inputs(&rows);
    }
    for (int64_t k = 0; k < out->blocks; k++) {
      const float *gradient = (const float *)job->gradient + out->origin +
                              at->image * out->image + k * out->block + at->z * out->plane +
                              2 * at->y * out->row + 2 * at->x * DN_LANES;
      rows.row = out->row;
      for (int64_t y = 0; y < at->rows; y++) {
        rows.source = gradient + 2 * y * out->row;
        rows.to = gradients + y * at->width * DN_LANES;
        plan->kernels->winograd_gradients(&rows);
      }
      for (int64_t p = 0; p < DN_POSITIONS; p++) {
        dn_gradient_rows product = {
            .source = inputs + p * position, .gradient = gradients + p * position,
            .source_step = DN_LANES, .gradient_step = DN_LANES, .rows = 1,
            .width = at->rows * at->width, .length = 1,
            .weights = partial + (k * plan->taps + z * DN_POSITIONS + p) * 256};
        plan->kernels->gradient_rows(&product);
      }
    }
  }
}

// One blocked, one planar: a vector times a number.
static void add_outer(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
  const dn_conv_weights *plan = job->plan;
  const dn_view *view = &plan->phase[at->phase].view[0];
  bool from_source = plan->in.lanes == DN_LANES;
  const char *source =
      job->source + (dn_weights_source_start(plan, at) + block * plan->in.block) * plan->in.element;
  const char *gradient = job->gradient + dn_weights_gradient_start(plan, at) * plan->out.element;
  int64_t row[2] = {view->axis[1].step * plan->in.row, plan->phases[1] * plan->out.row};
  int64_t step[2] = {view->axis[2].step * plan->in.lanes, plan->phases[2] * plan->out.lanes};
  dn_outer_rows rows = {
      .vector_row = row[!from_source], .vector_step = step[!from_source],
      .scalar_row = row[from_source], .scalar_step = step[from_source],
      .offset = plan->tap_offset[at->phase], .vector_moves = from_source, .taps = view->taps,
      .rows = at->rows, .width = at->width};
  bool half = (from_source ? plan->source : plan->gradient).storage == DN_BLOCKED_BF16;
  for (int64_t k = 0; k < plan->out.blocks; k++) {
    const char *output = gradient + k * plan->out.block * plan->out.element;
    rows.vector = from_source ? source : output;
    rows.scalar = (const float *)(from_source ? output : source);
    rows.weights = partial + (k * plan->taps + plan->first_tap[at->phase]) * DN_LANES;
    plan->kernels->outer_rows[half](&rows);
  }
}

// Both planar.
static void add_planar(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
#pragma clang fp reassociate(on)
  const dn_conv_weights *plan = job->plan;
  const dn_view *view = &plan->phase[at->phase].view[0];
  const float *source =
      (const float *)job->source + dn_weights_source_start(plan, at) + block * plan->in.block;
  const float *gradient = (const float *)job->gradient + dn_weights_gradient_start(plan, at);
  for (int64_t k = 0; k < plan->out.blocks; k++)
    for (int64_t t = 0; t < view->taps; t++) {
      float sum = 0;
      for (int64_t y = 0; y < at->rows; y++) {
        const float *in = source + plan->tap_offset[at->phase][t] +
                          y * view->axis[1].step * plan->in.row;
        const float *out = gradient + k * plan->out.block + y * plan->phases[1] * plan->out.row;
        for (int64_t x = 0; x < at->width; x++)
          sum += in[x * view->axis[2].step] * out[x * plan->phases[2]];
      }
      partial[k * plan->taps + plan->first_tap[at->phase] + t] += sum;
    }
}

static void add_bias(const dn_weights_job *job, const dn_weights_piece *at, double *bias) {
  const dn_conv_weights *plan = job->plan;
  const char *gradient = job->gradient + dn_weights_gradient_start(plan, at) * plan->out.element;
  for (int64_t k = 0; k < plan->out.blocks; k++)
    plan->kernels->sum_rows(
        gradient + k * plan->out.block * plan->out.element, plan->gradient.storage,
        plan->phases[1] * plan->out.row, plan->phases[2] * plan->out.lanes, at->rows, at->width,
        bias + k * plan->out.lanes);
}

static void add_piece(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial,
    double *bias) {
  const dn_conv_weights *plan = job->plan;
  if (plan->in.lanes != plan->out.lanes) add_outer(job, at, block, partial);
  else if (plan->in.lanes == 1) add_planar(job, at, block, partial);
  else if (plan->tiled) add_tiled(job, at, block, partial);
  else if (plan->source.storage == DN_BLOCKED) add_blocked(job, at, block, partial);
  else if (plan->kernels->matrix_gradient) dn_weights_add_matrices(job, at, block, partial);
  else dn_weights_add_pairs(job, at, block, partial);
  if (!bias) return;
  dn_weights_piece outputs = *at;
  if (plan->tiled)
    outputs.y *= 2, outputs.x *= 2, outputs.rows *= 2, outputs.width *= 2;
  add_bias(job, &outputs, bias);
}

// One chunk of rows of one block of inputs, through all phases.
static void run_item(void *context, int64_t item) {
  const dn_weights_job *job = context;
  const dn_conv_weights *plan = job->plan;
  int64_t block = item % plan->in.blocks, chunk = item / plan->in.blocks;
  int64_t outputs = plan->out.blocks * plan->out.lanes;
  int64_t elements = plan->out.blocks * plan->taps * dn_weights_tile(plan);
  float *partial = (float *)job->workspace + item * elements;
  memset(partial, 0, (size_t)elements * sizeof(float));
  double *bias = NULL;
  if (job->bias && block == 0) {
    bias = (double *)(job->workspace + dn_weights_bias_start(plan)) + chunk * outputs;
    memset(bias, 0, (size_t)outputs * sizeof(double));
  }
  int64_t total = plan->source.batch * plan->grid[0] * plan->grid[1];
  int64_t row = chunk * total / plan->chunks, end = (chunk + 1) * total / plan->chunks;
  if (plan->kernels->enter) plan->kernels->enter();
  while (row < end) {
    dn_weights_piece at = {.y = row % plan->grid[1], .z = row / plan->grid[1] % plan->grid[0],
                .image = row / plan->grid[1] / plan->grid[0]};
    int64_t rows = dn_min(dn_min(plan->piece_rows, end - row), plan->grid[1] - at.y);
    for (at.x = 0; at.x < plan->grid[2]; at.x += plan->piece_width)
      for (at.phase = 0; at.phase < plan->phase_count; at.phase++) {
        at.rows = rows;
        at.width = dn_min(plan->piece_width, plan->grid[2] - at.x);
        add_piece(job, &at, block, partial, bias);
      }
    row += rows;
  }
  if (plan->kernels->leave) plan->kernels->leave();
}

// Spreads the sum of all chunks of a tile over the plain weights.
typedef struct spreading {
  const dn_conv_weights *plan;
  const float *partial;  // this tile's in the first chunk
  float *weights;        // of the tile's first output and input
  int64_t outputs, inputs;
} spreading;

static void spread_tap(void *context, const dn_tap_place *at) {
  const spreading *job = context;
  const dn_conv_weights *plan = job->plan;
  int64_t chunk_stride = dn_weights_partial(plan), size = dn_weights_tile(plan);
  const float *tile = job->partial + at->index * size;
  double sum[DN_LANES * DN_LANES] = {0};
  for (int64_t chunk = 0; chunk < plan->chunks; chunk++)
    for (int64_t e = 0; e < size; e++) sum[e] += (double)tile[chunk * chunk_stride + e];
  for (int64_t o = 0; o < job->outputs; o++)
    for (int64_t i = 0; i < job->inputs; i++) {
      float *to = job->weights + o * plan->output_stride + i * plan->input_stride;
      for (int32_t z = 0; z < at->tap[0]->count; z++)
        for (int32_t y = 0; y < at->tap[1]->count; y++)
          for (int32_t x = 0; x < at->tap[2]->count; x++) {
            int64_t tap = (at->tap[0]->first + z) * plan->kernel[1] + at->tap[1]->first + y;
            to[tap * plan->kernel[2] + at->tap[2]->first + x] +=
                (float)sum[i * plan->out.lanes + o];
          }
    }
}

// Four numbers along one axis into three weights: G' u.
static void gather(const double *u, int64_t step, double *to, int64_t to_step) {
  double sum = (u[step] + u[2 * step]) / 2;
  to[0] = u[0] + sum;
  to[to_step] = (u[step] - u[2 * step]) / 2;
  to[2 * to_step] = sum + u[3 * step];
}

// The weights of one tap in depth from the sums of its 16 positions.
static void spread_tiles(const spreading *job, int64_t z) {
  const dn_conv_weights *plan = job->plan;
  int64_t chunk_stride = dn_weights_partial(plan);
  const float *tile = job->partial + z * DN_POSITIONS * 256;
  int64_t depth = plan->phase[0].view[0].axis[0].tap[z].first;
  double whole[DN_POSITIONS * 256] = {0};
  for (int64_t chunk = 0; chunk < plan->chunks; chunk++)
    for (int64_t e = 0; e < DN_POSITIONS * 256; e++)
      whole[e] += (double)tile[chunk * chunk_stride + e];
  for (int64_t o = 0; o < job->outputs; o++)
    for (int64_t i = 0; i < job->inputs; i++) {
      double half[12], g[9];
      const double *of = whole + i * DN_LANES + o;
      for (int x = 0; x < 4; x++) gather(of + x * 256, 4 * 256, half + x, 4);
      for (int y = 0; y < 3; y++) gather(half + y * 4, 1, g + y * 3, 1);
      float *to = job->weights + o * plan->output_stride + i * plan->input_stride +
                  depth * plan->kernel[1] * plan->kernel[2];
      for (int y = 0; y < 3; y++)
        for (int x = 0; x < 3; x++)
          to[plan->tile_tap[0][y] * plan->kernel[2] + plan->tile_tap[1][x]] = (float)g[y * 3 + x];
    }
}

static void spread_item(void *context, int64_t item) {
  const dn_weights_job *job = context;
  const dn_conv_weights *plan = job->plan;
  int64_t block = item / plan->out.blocks, k = item % plan->out.blocks;
  spreading tile = {
      .plan = plan,
      .weights = job->weights + plan->base + k * plan->out.lanes * plan->output_stride +
                 block * plan->in.lanes * plan->input_stride,
      .outputs = dn_min(plan->out.lanes, plan->gradient.channels - k * plan->out.lanes),
      .inputs = dn_min(plan->in.lanes, plan->source.channels - block * plan->in.lanes)};
  for (int64_t o = 0; o < tile.outputs; o++)
    for (int64_t i = 0; i < tile.inputs; i++)
      memset(
          tile.weights + o * plan->output_stride + i * plan->input_stride, 0,
          (size_t)plan->input_stride * sizeof(float));
  if (plan->tiled) {
    tile.partial =
        (const float *)job->workspace + item * plan->taps * dn_weights_tile(plan);
    for (int64_t z = 0; z < plan->phase[0].view[0].axis[0].taps; z++) spread_tiles(&tile, z);
    return;
  }
  for (int64_t p = 0; p < plan->phase_count; p++) {
    tile.partial = (const float *)job->workspace +
                   (item * plan->taps + plan->first_tap[p]) * dn_weights_tile(plan);
    dn_view_each_tap(&plan->phase[p].view[0], spread_tap, &tile);
  }
}

void dn_conv_weights_run(
    const dn_conv_weights *plan, const void *source, const void *output_gradient,
    float *weight_gradient, float *bias_gradient, void *workspace) {
  dn_weights_job job = {plan, source, output_gradient, workspace, weight_gradient, bias_gradient};
  dn_parallel(plan->chunks * plan->in.blocks, run_item, &job);
  dn_parallel(plan->in.blocks * plan->out.blocks, spread_item, &job);
  int64_t outputs = plan->out.blocks * plan->out.lanes;
  const double *bias = (const double *)((char *)workspace + dn_weights_bias_start(plan));
  for (int64_t k = 0; bias_gradient && k < plan->gradient.channels; k++) {
    double sum = 0;
    for (int64_t chunk = 0; chunk < plan->chunks; chunk++) sum += bias[chunk * outputs + k];
    bias_gradient[k] = (float)sum;
  }
}
