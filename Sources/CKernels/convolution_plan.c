#include "convolution_plan.h"

#include "winograd.h"

#include <stdlib.h>

// Sums of a strip stay in the first-level cache beside the weights of a block. Matrices are
// multiplied for 32 pixels at once.
enum { STRIP_PIXELS = 64, MATRIX_PIXELS = 32, MOST_ITEMS = 256 };

dn_phase *dn_make_phases(const int64_t phases[3], const int64_t size[3]) {
  int64_t count = phases[0] * phases[1] * phases[2];
  dn_phase *list = calloc((size_t)count, sizeof *list);
  if (!list) return NULL;
  for (int64_t index = 0; index < count; index++) {
    dn_phase *phase = &list[index];
    phase->phase[2] = index % phases[2];
    phase->phase[1] = index / phases[2] % phases[1];
    phase->phase[0] = index / phases[2] / phases[1];
    for (int axis = 0; axis < 3; axis++)
      phase->count[axis] = dn_ceil_div(size[axis] - phase->phase[axis], phases[axis]);
  }
  return list;
}

void dn_free_phases(dn_phase *list, int64_t count) {
  for (int64_t p = 0; list && p < count; p++)
    for (int s = 0; s < 2; s++) free(list[p].view[s].runs);
  free(list);
}

static bool phase_is_empty(const dn_phase *phase) {
  return phase->count[0] == 0 || phase->count[1] == 0 || phase->count[2] == 0;
}

static const char *finish_views(dn_conv *plan) {
  for (int64_t p = 0; p < plan->phase_count; p++)
    for (int64_t s = 0; s < plan->segments; s++) {
      dn_view *view = &plan->phase[p].view[s];
      if (!phase_is_empty(&plan->phase[p]) &&
          !dn_view_fits(view, &plan->input[s], plan->phase[p].count))
        return "a tensor that is read needs a wider halo";
      if (!dn_view_make_runs(view, &plan->in[s])) return "there is no memory for the plan";
    }
  return NULL;
}

static size_t round_to_line(size_t bytes) { return (bytes + 63) / 64 * 64; }

static const char *lay_out_weights(dn_conv *plan) {
  bool planar = plan->output.storage == DN_PLANAR;
  plan->groups = planar ? plan->out.blocks : dn_ceil_div(plan->out.blocks, plan->kernels->group);
  plan->offset = calloc((size_t)(plan->phase_count * plan->groups * 2), sizeof(size_t));
  if (!plan->offset) return "there is no memory for the plan";
  size_t bytes = 0;
  for (int64_t p = 0; p < plan->phase_count; p++)
    for (int64_t g = 0; g < plan->groups; g++)
      for (int64_t s = 0; s < plan->segments; s++) {
        plan->offset[(p * plan->groups + g) * 2 + s] = bytes;
        int64_t unit = dn_conv_unit(plan, planar ? 1 : dn_conv_group_size(plan, g));
        const dn_view *view = &plan->phase[p].view[s];
        int64_t taps = dn_conv_packed_taps(plan, s, view->runs, view->run_count);
        int64_t elements = plan->in[s].blocks * plan->in[s].lanes * taps * unit;
        bytes += plan->winograd.tiles
                     ? dn_winograd_weight_bytes(plan, dn_conv_group_size(plan, g))
                     : round_to_line((size_t)elements * (dn_conv_packs_bf16(plan, s) ? 2 : 4));
      }
  plan->bias_offset = bytes;
  plan->packed_bytes = bytes + round_to_line((size_t)(plan->out.blocks * plan->out.lanes) * 4);
  return NULL;
}

static void partition(dn_conv *plan) {
  if (plan->winograd.tiles) {
    plan->strips_per_plane = dn_ceil_div(plan->output.size[1], 2 * plan->winograd.rows);
    plan->strips = plan->output.batch * plan->output.size[0] * plan->strips_per_plane;
    plan->items = dn_min(plan->strips, MOST_ITEMS);
    return;
  }
  int64_t grid[3];
  for (int axis = 0; axis < 3; axis++)
    grid[axis] = dn_ceil_div(plan->output.size[axis], plan->phases[axis]);
  int64_t pieces = dn_ceil_div(grid[2], STRIP_PIXELS);
  plan->strip_width = dn_ceil_div(grid[2], pieces);
  bool takes_matrices = false;
  for (int64_t s = 0; s < plan->segments; s++) takes_matrices |= dn_conv_takes_matrices(plan, s);
  if (takes_matrices && pieces > 1)
    plan->strip_width = dn_round_up(plan->strip_width, MATRIX_PIXELS);
  plan->strip_rows = dn_max(dn_min(grid[1], STRIP_PIXELS / grid[2]), 1);
  plan->strips_per_plane = dn_ceil_div(grid[1], plan->strip_rows);
  plan->strips = plan->output.batch * grid[0] * plan->strips_per_plane;
  plan->items = dn_min(plan->strips, MOST_ITEMS);
}

// Everything that follows from the tensors, the phases and their views.
static dn_conv *complete(dn_conv *plan, const char **problem) {
  const char *wrong = finish_views(plan);
  if (!wrong) dn_winograd_choose(plan);
  if (!wrong) wrong = lay_out_weights(plan);
  if (wrong) {
    if (problem) *problem = wrong;
    dn_conv_free(plan);
    return NULL;
  }
  partition(plan);
  return plan;
}

static dn_conv *start(const dn_conv_shape *shape, const char **problem) {
  const char *wrong = dn_conv_problem(shape);
  dn_conv *plan = wrong ? NULL : calloc(1, sizeof *plan);
  if (!wrong && !plan) wrong = "there is no memory for the plan";
  if (problem) *problem = wrong;
  if (wrong) return NULL;
  plan->kernels = dn_kernels_active();
  for (int axis = 0; axis < 3; axis++) plan->kernel[axis] = shape->kernel[axis];
  return plan;
}

static int64_t kernel_taps(const dn_conv *plan) {
  return plan->kernel[0] * plan->kernel[1] * plan->kernel[2];
}

static int64_t input_channels(const dn_conv_shape *shape) {
  return shape->source[0].layout.channels +
         (shape->sources > 1 ? shape->source[1].layout.channels : 0);
}

static void set_output(dn_conv *plan, const dn_layout *layout) {
  plan->output = *layout;
  plan->out = dn_strides_of(layout);
  plan->phase_count = plan->phases[0] * plan->phases[1] * plan->phases[2];
  plan->phase = dn_make_phases(plan->phases, layout->size);
}

static dn_conv *no_memory(dn_conv *plan, const char **problem) {
  if (problem) *problem = "there is no memory for the plan";
  dn_conv_free(plan);
  return NULL;
}

dn_conv *dn_conv_plan_forward(const dn_conv_shape *shape, const char **problem) {
  dn_conv *plan = start(shape, problem);
  if (!plan) return NULL;
  plan->segments = shape->sources;
  plan->input_stride = kernel_taps(plan);
  plan->output_stride = input_channels(shape) * plan->input_stride;
  plan->base[1] = shape->source[0].layout.channels * plan->input_stride;
  plan->has_bias = true;
  for (int axis = 0; axis < 3; axis++) {
    plan->phases[axis] = 1;
    for (int64_t s = 0; s < plan->segments; s++)
      plan->phases[axis] = dn_max(plan->phases[axis], shape->source[s].scale[axis]);
  }
  set_output(plan, &shape->output);
  if (!plan->phase) return no_memory(plan, problem);
  for (int64_t s = 0; s < plan->segments; s++) {
    plan->input[s] = shape->source[s].layout;
    plan->in[s] = dn_strides_of(&plan->input[s]);
    for (int64_t p = 0; p < plan->phase_count; p++)
      for (int axis = 0; axis < 3; axis++)
        plan->phase[p].view[s].axis[axis] = dn_axis_forward(
            shape->kernel[axis], shape->stride[axis], shape->source[s].scale[axis],
            plan->phases[axis], plan->phase[p].phase[axis],
            shape->is_window ? shape->start[axis] : 0);
  }
  return complete(plan, problem);
}

dn_conv *dn_conv_plan_input_gradient(
    const dn_conv_shape *shape, int64_t source, const char **problem) {
  dn_conv *plan = start(shape, problem);
  if (!plan) return NULL;
  if (shape->is_window || source < 0 || source >= shape->sources) {
    if (problem)
      *problem = shape->is_window ? "a window has no gradient" : "there is no such source";
    dn_conv_free(plan);
    return NULL;
  }
  plan->segments = 1;
  plan->output_stride = kernel_taps(plan);
  plan->input_stride = input_channels(shape) * plan->output_stride;
  plan->base[0] = (source ? shape->source[0].layout.channels : 0) * plan->output_stride;
  for (int axis = 0; axis < 3; axis++) plan->phases[axis] = shape->stride[axis];
  set_output(plan, &shape->source[source].layout);
  if (!plan->phase) return no_memory(plan, problem);
  plan->input[0] = shape->output;
  plan->in[0] = dn_strides_of(&plan->input[0]);
  for (int64_t p = 0; p < plan->phase_count; p++)
    for (int axis = 0; axis < 3; axis++)
      plan->phase[p].view[0].axis[axis] = dn_axis_input_gradient(
          shape->kernel[axis], shape->stride[axis], shape->source[source].scale[axis],
          plan->phase[p].phase[axis]);
  return complete(plan, problem);
}

void dn_conv_free(dn_conv *plan) {
  if (!plan) return;
  dn_free_phases(plan->phase, plan->phase_count);
  free(plan->offset);
  free(plan);
}

size_t dn_conv_packed_bytes(const dn_conv *plan) { return plan->packed_bytes; }

size_t dn_conv_workspace_bytes(const dn_conv *plan) {
  return dn_winograd_workspace_bytes(plan) + round_to_line(
      (size_t)(plan->items * plan->out.blocks * plan->out.lanes * 2) * sizeof(double));
}

double dn_conv_operations(const dn_conv *plan) {
  double total = 0;
  if (plan->winograd.tiles)  // 16 products for 4 outputs
    return 2.0 * 4 * (double)(plan->output.batch * dn_layout_pixels(&plan->output)) *
           (double)(plan->output.channels * plan->input[0].channels *
                    plan->phase[0].view[0].axis[0].taps);
  for (int64_t p = 0; p < plan->phase_count; p++) {
    const int64_t *count = plan->phase[p].count;
    for (int64_t s = 0; s < plan->segments; s++)
      total += 2.0 * (double)(count[0] * count[1] * count[2]) * (double)plan->output.channels *
               (double)(plan->input[s].channels * plan->phase[p].view[s].taps);
  }
  return total * (double)plan->output.batch;
}
