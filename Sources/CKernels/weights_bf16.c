// Weight gradients of bfloat16 tensors, which go through pairs of pixels.
#include <string.h>

#include "weights_run.h"

// Both blocked, bfloat16: pairs of pixels are laid side by side first.
void dn_weights_add_pairs(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
  const dn_conv_weights *plan = job->plan;
  const dn_kernels *kernels = plan->kernels;
  const dn_view *view = &plan->phase[at->phase].view[0];
  const uint16_t *source =
      (const uint16_t *)job->source + dn_weights_source_start(plan, at) + block * plan->in.block;
  const uint16_t *gradient = (const uint16_t *)job->gradient + dn_weights_gradient_start(plan, at);
  dn_pair_window window = dn_weights_window(view, at->rows, at->width);
  int64_t step = view->axis[2].step, positions = window.count[1];
  int64_t gradient_step = plan->phases[2] * DN_LANES;
  int64_t gradient_pairs = dn_ceil_div(at->width, 2);
  int64_t gradient_row = (gradient_pairs + 1) * DN_LANES;
  int64_t runs_in_plane = view->run_count / view->axis[0].taps;
  int64_t taps_in_plane = view->taps / view->axis[0].taps;
  int64_t runs_in_row = runs_in_plane / view->axis[1].taps;
  _Alignas(64) uint32_t inputs[DN_PAIR_BYTES / 4], gradients[2 * DN_PIECE_PIXELS * DN_LANES];
  for (int64_t y = 0; y < at->rows; y++)
    memset(gradients + y * gradient_row, 0, DN_LANES * sizeof *gradients);
  for (int32_t z = 0; z < view->axis[0].taps; z++) {
    const uint16_t *plane = source + view->axis[0].tap[z].offset * plan->in.plane;
    for (int64_t y = 0; y < window.count[0]; y++)
      kernels->pair_row(
          plane + (window.low[0] + y) * plan->in.row + window.low[1] * DN_LANES, DN_LANES,
          step * DN_LANES, positions, dn_max(positions - step, 0),
          inputs + y * positions * DN_LANES);
    for (int64_t k = 0; k < plan->out.blocks; k++) {
      for (int64_t y = 0; y < at->rows; y++)
        kernels->pair_row(
            gradient + k * plan->out.block + y * plan->phases[1] * plan->out.row,
            2 * gradient_step, gradient_step, gradient_pairs, at->width / 2,
            gradients + y * gradient_row + DN_LANES);
      dn_gradient_rows rows = {
          .gradient = gradients + DN_LANES, .gradient_row = gradient_row,
          .source_row = view->axis[1].step * positions * DN_LANES,
          .source_step = step * DN_LANES, .rows = at->rows, .width = at->width,
          .weights =
              partial + (k * plan->taps + plan->first_tap[at->phase] + z * taps_in_plane) * 256};
      for (int64_t r = 0; r < runs_in_plane; r++) {
        const dn_run *run = &view->runs[z * runs_in_plane + r];
        int64_t row = view->axis[1].tap[r / runs_in_row].offset;
        int64_t column =
            run->offset - view->axis[0].tap[z].offset * plan->in.plane - row * plan->in.row;
        rows.source = inputs + (row - window.low[0]) * positions * DN_LANES + column -
                      window.low[1] * DN_LANES;
        rows.length = run->length;
        kernels->gradient_pairs(&rows);
        rows.weights += rows.length * 256;
      }
    }
  }
}

// The gradients of some blocks as pairs of pixels; `pairs` is [block][pair][16 outputs].
static void pair_gradients(
    const dn_weights_job *job, const dn_weights_piece *at, const dn_matrix_window *all,
    int64_t first, int64_t blocks, uint32_t *pairs) {
  const dn_conv_weights *plan = job->plan;
  const uint16_t *gradient =
      (const uint16_t *)job->gradient + dn_weights_gradient_start(plan, at) + first * plan->out.block;
  int64_t step = plan->phases[2] * DN_LANES;
  memset(pairs, 0, (size_t)(blocks * all->pixels * 8) * sizeof *pairs);
  for (int64_t k = 0; k < blocks; k++)
    for (int64_t y = 0; y < at->rows; y++)
      plan->kernels->pair_row(
          gradient + k * plan->out.block + y * plan->phases[1] * plan->out.row, 2 * step, step,
          dn_ceil_div(at->width, 2), at->width / 2, pairs + k * all->pixels * 8 + y * all->line * 8);
}

// A window of one plane of the source, channel by channel.
static void transpose_window(
    const dn_conv_weights *plan, const dn_matrix_window *all, const uint16_t *plane,
    uint16_t *inputs) {
  memset(inputs, 0, (size_t)(all->channel * DN_LANES) * sizeof *inputs);
  for (int64_t y = 0; y < all->window.count[0]; y++)
    for (int64_t x = 0; x < all->step[1]; x++) {
      const uint16_t *row = plane + (all->window.low[0] + y) * plan->in.row +
                            (all->window.low[1] + x) * DN_LANES;
      int64_t part = y % all->step[0] * all->step[1] + x;
      plan->kernels->transpose_row(
          row, all->step[1] * DN_LANES, dn_ceil_div(all->window.count[1] - x, all->step[1]),
          inputs + part * all->plane + y / all->step[0] * all->line, all->channel);
    }
}

// Where the inputs of each tap of a plane start.
static int64_t list_shifts(const dn_view *view, const dn_matrix_window *all, int64_t *shift) {
  int64_t taps = 0;
  for (int32_t b = 0; b < view->axis[1].taps; b++)
    for (int32_t a = 0; a < view->axis[2].taps; a++) {
      int64_t y = view->axis[1].tap[b].offset - all->window.low[0];
      int64_t x = view->axis[2].tap[a].offset - all->window.low[1];
      int64_t part = y % all->step[0] * all->step[1] + x % all->step[1];
      shift[taps++] = part * all->plane + y / all->step[0] * all->line + x / all->step[1];
    }
  return taps;
}

// Both blocked, bfloat16, where the processor multiplies matrices.
void dn_weights_add_matrices(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial) {
  const dn_conv_weights *plan = job->plan;
  const dn_view *view = &plan->phase[at->phase].view[0];
  const uint16_t *source =
      (const uint16_t *)job->source + dn_weights_source_start(plan, at) + block * plan->in.block;
  dn_matrix_window all = dn_weights_matrix(view, at->rows, at->width);
  _Alignas(64) uint16_t inputs[DN_MATRIX_PIXELS * DN_LANES];
  _Alignas(64) uint32_t gradients[DN_MATRIX_BLOCKS * DN_MATRIX_PIXELS * 8];
  int64_t shift[DN_MAX_TAPS * DN_MAX_TAPS];
  dn_matrix_gradient product = {
      .inputs = inputs, .channel = all.channel, .shift = shift,
      .taps = list_shifts(view, &all, shift), .gradients = gradients, .block = all.pixels * 8,
      .pixels = all.pixels, .weights_block = plan->taps * 256};
  for (int64_t k = 0; k < plan->out.blocks; k += product.blocks) {
    product.blocks = dn_min(plan->out.blocks - k, DN_MATRIX_BLOCKS);
    pair_gradients(job, at, &all, k, product.blocks, gradients);
    for (int32_t z = 0; z < view->axis[0].taps; z++) {
      transpose_window(plan, &all, source + view->axis[0].tap[z].offset * plan->in.plane, inputs);
      product.weights =
          partial + (k * plan->taps + plan->first_tap[at->phase] + z * product.taps) * 256;
      plan->kernels->matrix_gradient(&product);
    }
  }
}
