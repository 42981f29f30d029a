// Greatest of neighbours, and halving and doubling by taps.
#include <string.h>

#include "CSupport.h"
#include "kernel_table.h"

static void run(dn_pass pass, dn_scaling_job *job) {
  dn_parallel(job->rows.items, dn_kernels_active()->pass[pass], job);
}

// The job for windows that start at every pixel; false where they reach beyond the halo.
static bool make_neighbours(const dn_layout *layout, dn_scaling_job *job) {
  if (dn_layout_bytes(layout) == 0 || layout->storage == DN_PLANAR) return false;
  *job = (dn_scaling_job){
      .rows = dn_rows_of(layout), .fine = *layout, .fine_strides = dn_strides_of(layout),
      .scale = {1, 1, 1}};
  for (int axis = 0; axis < 3; axis++) {
    if (layout->halo[axis] == 0 && layout->size[axis] > 1) return false;
    job->reach[axis] = layout->halo[axis] > 0;
  }
  return true;
}

bool dn_neighbour_max(const dn_layout *layout, const void *source, void *output) {
  dn_scaling_job job;
  if (!make_neighbours(layout, &job)) return false;
  job.source = source;
  job.output = output;
  run(DN_PASS_NEIGHBOUR_MAX, &job);
  return true;
}

bool dn_neighbour_max_gradient(
    const dn_layout *layout, const void *source, const void *output_gradient, void *gradient) {
  dn_scaling_job job;
  if (!make_neighbours(layout, &job)) return false;
  job.source = output_gradient;
  job.gate = source;
  job.output = gradient;
  run(DN_PASS_NEIGHBOUR_MAX_GRADIENT, &job);
  return true;
}

// Samples between a tensor and one of half its size; false where they do not belong together.
static bool run_taps(
    dn_pass pass, const dn_layout *fine, const dn_layout *coarse, const dn_taps *taps,
    const void *source, void *output) {
  dn_scaling_job job;
  if (!dn_scaling_of(fine, coarse, &job)) return false;
  for (int axis = 0; axis < 3; axis++) {
    if (job.scale[axis] == 1) continue;
    if (fine->size[axis] % 2 || fine->halo[axis] < 1 || coarse->halo[axis] < 1) return false;
  }
  memcpy(job.weight, taps->weight, sizeof job.weight);
  job.clamped = taps->clamped;
  job.source = source;
  job.output = output;
  run(pass, &job);
  return true;
}

bool dn_contract(
    const dn_layout *fine, const dn_layout *coarse, const dn_taps *taps, const void *source,
    void *output) {
  return run_taps(DN_PASS_CONTRACT, fine, coarse, taps, source, output);
}

bool dn_expand(
    const dn_layout *fine, const dn_layout *coarse, const dn_taps *taps, const void *source,
    void *output) {
  return run_taps(DN_PASS_EXPAND, fine, coarse, taps, source, output);
}
