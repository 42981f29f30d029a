#include "geometry.h"

#include <stdlib.h>

static int64_t floor_half(int64_t value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

dn_axis_view dn_axis_forward(
    int64_t kernel, int64_t stride, int64_t scale, int64_t phases, int64_t phase, int64_t start) {
  dn_axis_view view = {.step = scale == 2 ? 1 : stride * phases};
  for (int32_t tap = 0; tap < kernel; tap++) {
    int64_t fine = start + phase + tap - kernel / 2;
    int64_t offset = scale == 2 ? floor_half(fine) : fine;
    dn_axis_tap *last = &view.tap[view.taps - (view.taps > 0)];
    if (view.taps > 0 && last->offset == offset) last->count++;
    else view.tap[view.taps++] = (dn_axis_tap){offset, tap, 1};
  }
  return view;
}

// Which outputs read input pixel j, seen from j. Upsampled: j is read as the fine pixels 2j and
// 2j + 1. Strided: only every second tap of an input meets an output.
dn_axis_view dn_axis_input_gradient(
    int64_t kernel, int64_t stride, int64_t scale, int64_t phase) {
  dn_axis_view view = {.step = scale};
  int64_t half = kernel / 2;
  for (int64_t offset = -half; offset <= half + (scale - 1); offset++) {
    // Output pixel `offset` reads fine pixels offset + tap - half; keep those inside this pixel.
    int64_t low = dn_max(half - offset, 0);
    int64_t high = dn_min(half - offset + scale - 1, kernel - 1);
    if (stride == 2) {
      int64_t tap = phase + half - 2 * offset;
      if (tap < 0 || tap >= kernel) continue;
      low = high = tap;
    }
    if (low <= high)
      view.tap[view.taps++] = (dn_axis_tap){offset, (int32_t)low, (int32_t)(high - low + 1)};
  }
  return view;
}

const char *dn_conv_problem(const dn_conv_shape *shape) {
  if (shape->sources < 1 || shape->sources > 2) return "a convolution has one or two sources";
  if (dn_layout_bytes(&shape->output) == 0) return "the output's layout is not valid";
  for (int64_t s = 0; s < shape->sources; s++) {
    const dn_layout *source = &shape->source[s].layout;
    if (dn_layout_bytes(source) == 0) return "a source's layout is not valid";
    if (source->batch != shape->output.batch) return "source and output differ in batch size";
    for (int axis = 0; axis < 3; axis++) {
      int64_t scale = shape->source[s].scale[axis], stride = shape->stride[axis];
      if (scale != 1 && scale != 2) return "a source's scale is 1 or 2";
      if (stride != 1 && stride != 2) return "a stride is 1 or 2";
      if (stride == 2 && scale == 2) return "an upsampled source cannot be read with a stride";
      int64_t size = dn_ceil_div(source->size[axis] * scale, stride), start = shape->start[axis];
      if (shape->is_window ? start < 0 || start > size - shape->output.size[axis]
                           : shape->output.size[axis] != size)
        return "the sizes of source and output do not agree";
      if (shape->is_window && (stride != 1 || start % scale))
        return "a window has stride 1 and starts where an upsampled pixel does";
    }
  }
  for (int axis = 0; axis < 3; axis++) {
    int64_t kernel = shape->kernel[axis];
    if (kernel < 1 || kernel > DN_MAX_KERNEL || kernel % 2 == 0)
      return "a kernel has an odd size of at most 15";
  }
  return NULL;
}

bool dn_view_fits(const dn_view *view, const dn_layout *source, const int64_t count[3]) {
  for (int axis = 0; axis < 3; axis++) {
    const dn_axis_view *line = &view->axis[axis];
    for (int32_t t = 0; t < line->taps; t++) {
      int64_t low = line->tap[t].offset;
      int64_t high = (count[axis] - 1) * line->step + line->tap[t].offset;
      if (low < -source->halo[axis] || high > source->size[axis] - 1 + source->halo[axis])
        return false;
    }
  }
  return true;
}

// Taps of the last axis at a distance of one step form a run.
static int order_by_runs(dn_axis_view *line, int32_t length[DN_MAX_TAPS]) {
  dn_axis_view ordered = *line;
  bool used[DN_MAX_TAPS] = {false};
  int runs = 0;
  int32_t filled = 0;
  for (int32_t t = 0; t < line->taps; t++) {
    if (used[t]) continue;
    int32_t start = filled;
    int64_t offset = line->tap[t].offset;
    for (int32_t u = t; u < line->taps && filled - start < DN_RUN; u++) {
      if (used[u] || line->tap[u].offset != offset) continue;
      used[u] = true;
      ordered.tap[filled++] = line->tap[u];
      offset += line->step;
    }
    length[runs++] = filled - start;
  }
  *line = ordered;
  return runs;
}

bool dn_view_make_runs(dn_view *view, const dn_strides *source) {
  int32_t length[DN_MAX_TAPS];
  dn_axis_view *z = &view->axis[0], *y = &view->axis[1], *x = &view->axis[2];
  int line_runs = order_by_runs(x, length);
  view->taps = (int64_t)z->taps * y->taps * x->taps;
  view->run_count = 0;
  view->runs = calloc((size_t)dn_max((int64_t)z->taps * y->taps * line_runs, 1), sizeof(dn_run));
  if (!view->runs) return false;
  for (int32_t a = 0; a < z->taps; a++)
    for (int32_t b = 0; b < y->taps; b++)
      for (int r = 0, first = 0; r < line_runs; first += length[r], r++)
        view->runs[view->run_count++] = (dn_run){
            z->tap[a].offset * source->plane + y->tap[b].offset * source->row +
                x->tap[first].offset * source->lanes,
            length[r]};
  return true;
}

void dn_view_each_tap(
    const dn_view *view, void (*body)(void *, const dn_tap_place *), void *context) {
  dn_tap_place at = {0};
  for (int32_t a = 0; a < view->axis[0].taps; a++)
    for (int32_t b = 0; b < view->axis[1].taps; b++)
      for (int32_t x = 0; x < view->axis[2].taps; x += (int32_t)at.length, at.run++) {
        at.length = view->runs[at.run].length;
        for (at.place = 0; at.place < at.length; at.place++, at.index++) {
          at.tap[0] = &view->axis[0].tap[a];
          at.tap[1] = &view->axis[1].tap[b];
          at.tap[2] = &view->axis[2].tap[x + at.place];
          body(context, &at);
        }
      }
}
