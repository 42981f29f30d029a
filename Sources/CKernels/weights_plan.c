#include "weights_plan.h"

#include "winograd.h"

#include <stdlib.h>

enum { WANTED_ITEMS = 32, LEAST_CHUNKS = 8, CHUNK_PIXELS = 256 };

static void list_tap(void *context, const dn_tap_place *at) {
  int64_t *offset = *(int64_t **)context;
  offset[at->index] = at->place;  // made an offset below, where strides and runs are known
}

static bool list_taps(dn_conv_weights *plan, int64_t p) {
  const dn_view *view = &plan->phase[p].view[0];
  plan->first_tap[p] = plan->taps;
  plan->taps += view->taps;
  int64_t *offset = calloc((size_t)view->taps, sizeof *offset);
  plan->tap_offset[p] = offset;
  if (!offset) return false;
  dn_view_each_tap(view, list_tap, &offset);
  int64_t index = 0;
  for (int64_t r = 0; r < view->run_count; r++)
    for (int32_t t = 0; t < view->runs[r].length; t++, index++)
      offset[index] =
          view->runs[r].offset + offset[index] * view->axis[2].step * plan->in.lanes;
  return true;
}

static const char *make_views(dn_conv_weights *plan, const dn_conv_shape *shape, int64_t source) {
  const int64_t *scale = shape->source[source].scale;
  for (int64_t p = 0; p < plan->phase_count; p++) {
    dn_phase *phase = &plan->phase[p];
    for (int axis = 0; axis < 3; axis++)
      phase->view[0].axis[axis] = dn_axis_forward(
          shape->kernel[axis], shape->stride[axis], scale[axis], plan->phases[axis],
          phase->phase[axis], 0);
    if (!dn_view_fits(&phase->view[0], &plan->source, phase->count))
      return "a tensor that is read needs a wider halo";
    if (!dn_view_make_runs(&phase->view[0], &plan->in) || !list_taps(plan, p))
      return "there is no memory for the plan";
  }
  return NULL;
}

dn_pair_window dn_weights_window(const dn_view *view, int64_t rows, int64_t width) {
  dn_pair_window window;
  int64_t outputs[2] = {rows, width};
  for (int i = 0; i < 2; i++) {
    const dn_axis_view *line = &view->axis[1 + i];
    int64_t low = line->tap[0].offset, high = low;
    for (int32_t t = 1; t < line->taps; t++) {
      low = dn_min(low, line->tap[t].offset);
      high = dn_max(high, line->tap[t].offset);
    }
    window.low[i] = low;
    window.count[i] = (outputs[i] - 1) * line->step + high - low + 1;
  }
  return window;
}

dn_matrix_window dn_weights_matrix(const dn_view *view, int64_t rows, int64_t width) {
  dn_matrix_window all = {.window = dn_weights_window(view, rows, width)};
  for (int i = 0; i < 2; i++) all.step[i] = view->axis[1 + i].step;
  all.line = dn_round_up(dn_ceil_div(all.window.count[1], all.step[1]), 2);
  all.plane = all.line * dn_ceil_div(all.window.count[0], all.step[0]);
  all.planes = all.step[0] * all.step[1];
  all.pixels = dn_round_up(rows * all.line, 32);
  // Rows are read beyond their last pixel, up to a round number and a tap; an odd number of lines of
  // the cache from a channel to the next spreads them over the cache.
  all.channel = dn_round_up(all.plane * all.planes + 32 + DN_MAX_TAPS, 32) | 32;
  return all;
}

static bool pairs_fit(const dn_conv_weights *plan) {
  for (int64_t p = 0; p < plan->phase_count; p++) {
    const dn_view *view = &plan->phase[p].view[0];
    if (plan->kernels->matrix_gradient &&
        dn_weights_matrix(view, plan->piece_rows, plan->piece_width).channel > DN_MATRIX_PIXELS)
      return false;
    dn_pair_window window =
        dn_weights_window(&plan->phase[p].view[0], plan->piece_rows, plan->piece_width);
    if (window.count[0] * window.count[1] * DN_LANES * 4 > DN_PAIR_BYTES) return false;
  }
  return true;
}

static void choose_tiles(dn_conv_weights *plan) {
  const int64_t *size = plan->gradient.size;
  const dn_axis_view *axis = plan->phase[0].view[0].axis;
  plan->tiled = plan->phase_count == 1 && plan->source.storage == DN_BLOCKED &&
                plan->gradient.storage == DN_BLOCKED && size[1] % 2 == 0 && size[2] % 2 == 0 &&
                size[2] >= 8 && axis[0].step == 1 &&
                dn_winograd_three_taps(&axis[1], plan->tile_tap[0]) &&
                dn_winograd_three_taps(&axis[2], plan->tile_tap[1]);
  if (plan->tiled) plan->taps = DN_POSITIONS * axis[0].taps;
}

static void partition(dn_conv_weights *plan) {
  int64_t rows = 1, widest = plan->tiled ? DN_PIECE_TILES : DN_PIECE_WIDTH;
  int64_t most = plan->tiled ? DN_PIECE_TILES : DN_PIECE_PIXELS;
  for (int axis = 0; axis < 3; axis++) {
    int64_t step = plan->tiled && axis > 0 ? 2 : plan->phases[axis];
    plan->grid[axis] = dn_ceil_div(plan->gradient.size[axis], step);
    if (axis < 2) rows *= plan->grid[axis];
  }
  int64_t pieces = dn_ceil_div(plan->grid[2], widest);
  plan->piece_width = dn_ceil_div(plan->grid[2], pieces);
  plan->piece_rows = dn_max(dn_min(most / plan->piece_width, plan->grid[1]), 1);
  while (plan->source.storage == DN_BLOCKED_BF16 && !pairs_fit(plan)) {
    if (plan->piece_rows > 1) plan->piece_rows = dn_ceil_div(plan->piece_rows, 2);
    else plan->piece_width = dn_ceil_div(plan->piece_width, 2);
  }
  int64_t wanted = dn_max(WANTED_ITEMS / plan->in.blocks, LEAST_CHUNKS);
  rows *= plan->source.batch;
  int64_t worthwhile = dn_ceil_div(rows * plan->grid[2], CHUNK_PIXELS);
  plan->chunks = dn_min(dn_min(rows, wanted), worthwhile);
}

static dn_conv_weights *refuse(dn_conv_weights *plan, const char *why, const char **problem) {
  if (problem) *problem = why;
  dn_conv_weights_free(plan);
  return NULL;
}

dn_conv_weights *dn_conv_plan_weight_gradient(
    const dn_conv_shape *shape, int64_t source, const char **problem) {
  if (problem) *problem = NULL;
  const char *wrong = dn_conv_problem(shape);
  if (wrong) return refuse(NULL, wrong, problem);
  if (shape->is_window) return refuse(NULL, "a window has no gradient", problem);
  if (source < 0 || source >= shape->sources)
    return refuse(NULL, "there is no such source", problem);
  const char *no_memory = "there is no memory for the plan";
  dn_conv_weights *plan = calloc(1, sizeof *plan);
  if (!plan) return refuse(NULL, no_memory, problem);
  plan->kernels = dn_kernels_active();
  plan->source = shape->source[source].layout;
  plan->gradient = shape->output;
  plan->in = dn_strides_of(&plan->source);
  plan->out = dn_strides_of(&plan->gradient);
  if (plan->in.lanes == DN_LANES && plan->out.lanes == DN_LANES &&
      plan->source.storage != plan->gradient.storage)
    return refuse(plan, "source and gradient are stored in different precision", problem);
  int64_t inputs = 0;
  plan->input_stride = 1;
  for (int axis = 0; axis < 3; axis++) {
    plan->kernel[axis] = shape->kernel[axis];
    plan->input_stride *= shape->kernel[axis];
    plan->phases[axis] = shape->source[source].scale[axis];
  }
  for (int64_t s = 0; s < shape->sources; s++) inputs += shape->source[s].layout.channels;
  plan->output_stride = inputs * plan->input_stride;
  plan->base = source ? shape->source[0].layout.channels * plan->input_stride : 0;
  int64_t count = plan->phases[0] * plan->phases[1] * plan->phases[2];
  plan->phase = dn_make_phases(plan->phases, plan->gradient.size);
  plan->tap_offset = calloc((size_t)count, sizeof *plan->tap_offset);
  plan->first_tap = calloc((size_t)count, sizeof *plan->first_tap);
  if (!plan->phase || !plan->tap_offset || !plan->first_tap)
    return refuse(plan, no_memory, problem);
  plan->phase_count = count;
  wrong = make_views(plan, shape, source);
  if (wrong) return refuse(plan, wrong, problem);
  choose_tiles(plan);
  partition(plan);
  return plan;
}

void dn_conv_weights_free(dn_conv_weights *plan) {
  if (!plan) return;
  for (int64_t p = 0; p < plan->phase_count; p++) free(plan->tap_offset[p]);
  free(plan->tap_offset);
  free(plan->first_tap);
  dn_free_phases(plan->phase, plan->phase_count);
  free(plan);
}

size_t dn_conv_weights_workspace_bytes(const dn_conv_weights *plan) {
  int64_t bias = plan->chunks * plan->out.blocks * plan->out.lanes * (int64_t)sizeof(double);
  return (size_t)dn_round_up(dn_weights_bias_start(plan) + bias, 64);
}

double dn_conv_weights_operations(const dn_conv_weights *plan) {
  double total = 0;
  for (int64_t p = 0; p < plan->phase_count; p++) {
    const int64_t *count = plan->phase[p].count;
    if (plan->tiled)
      total += 2.0 * (double)(plan->grid[0] * plan->grid[1] * plan->grid[2]) * (double)plan->taps;
    else
      total += 2.0 * (double)(count[0] * count[1] * count[2]) * (double)plan->phase[p].view[0].taps;
  }
  return total * (double)plan->source.batch *
         (double)(plan->source.channels * plan->gradient.channels);
}
