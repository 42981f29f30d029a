// Max pooling and nearest upsampling.
#include <string.h>

#include "CSupport.h"
#include "kernel_table.h"

bool dn_scaling_of(const dn_layout *fine, const dn_layout *coarse, dn_scaling_job *job) {
  if (dn_layout_bytes(fine) == 0 || dn_layout_bytes(coarse) == 0) return false;
  if (fine->storage != coarse->storage || fine->storage == DN_PLANAR) return false;
  if (fine->batch != coarse->batch || fine->channels != coarse->channels) return false;
  *job = (dn_scaling_job){.fine = *fine, .fine_strides = dn_strides_of(fine)};
  for (int axis = 0; axis < 3; axis++) {
    job->scale[axis] = fine->size[axis] == coarse->size[axis] ? 1 : 2;
    if (fine->size[axis] / job->scale[axis] != coarse->size[axis]) return false;
  }
  job->rows = dn_rows_of(coarse);
  return true;
}

static void run(dn_pass pass, dn_scaling_job *job) {
  dn_parallel(job->rows.items, dn_kernels_active()->pass[pass], job);
}

static bool has_rest(const dn_scaling_job *job) {
  for (int axis = 0; axis < 3; axis++)
    if (job->fine.size[axis] % job->scale[axis]) return true;
  return false;
}

size_t dn_max_pool_winner_bytes(const dn_layout *coarse) {
  dn_strides s = dn_strides_of(coarse);
  return (size_t)(coarse->batch * s.blocks * DN_LANES * dn_layout_pixels(coarse));
}

bool dn_max_pool(
    const dn_layout *fine, const dn_layout *coarse, const void *source, void *output,
    uint8_t *winner) {
  dn_scaling_job job;
  if (!dn_scaling_of(fine, coarse, &job)) return false;
  job.source = source;
  job.output = output;
  job.winner = winner;
  run(DN_PASS_POOL, &job);
  return true;
}

bool dn_max_pool_gradient(
    const dn_layout *fine, const dn_layout *coarse, const void *output_gradient,
    const uint8_t *winner, void *gradient, bool accumulate, const void *gate, float gate_slope) {
  dn_scaling_job job;
  if (!dn_scaling_of(fine, coarse, &job)) return false;
  // Pixels beyond the last whole window of an odd size have no part in the output.
  if (!accumulate && has_rest(&job)) memset(gradient, 0, dn_layout_bytes(fine));
  job.source = output_gradient;
  job.winner = (uint8_t *)winner;
  job.output = gradient;
  job.accumulate = accumulate;
  job.gate = gate;
  job.gate_slope = gate_slope;
  run(DN_PASS_POOL_GRADIENT, &job);
  return true;
}

bool dn_upsample(
    const dn_layout *fine, const dn_layout *coarse, const void *source, void *output) {
  dn_scaling_job job;
  if (!dn_scaling_of(fine, coarse, &job) || has_rest(&job)) return false;
  job.source = source;
  job.output = output;
  run(DN_PASS_UPSAMPLE, &job);
  return true;
}

bool dn_upsample_gradient(
    const dn_layout *fine, const dn_layout *coarse, const void *output_gradient, void *gradient,
    bool accumulate) {
  dn_scaling_job job;
  if (!dn_scaling_of(fine, coarse, &job) || has_rest(&job)) return false;
  job.source = output_gradient;
  job.output = gradient;
  job.accumulate = accumulate;
  run(DN_PASS_UPSAMPLE_GRADIENT, &job);
  return true;
}
