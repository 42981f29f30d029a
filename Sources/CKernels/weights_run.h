// What the parts of a weight gradient share while it runs.
#pragma once
#include "weights_plan.h"

typedef struct dn_weights_job {
  const dn_conv_weights *plan;
  const char *source, *gradient;
  char *workspace;
  float *weights, *bias;
} dn_weights_job;

// Rows y ..< y + rows and columns x ..< x + width of one phase of one plane.
typedef struct dn_weights_piece {
  int64_t phase, image, z, y, x, rows, width;
} dn_weights_piece;

static inline int64_t dn_weights_source_start(
    const dn_conv_weights *plan, const dn_weights_piece *at) {
  const dn_axis_view *axis = plan->phase[at->phase].view[0].axis;
  return plan->in.origin + at->image * plan->in.image + at->z * axis[0].step * plan->in.plane +
         at->y * axis[1].step * plan->in.row + at->x * axis[2].step * plan->in.lanes;
}

static inline int64_t dn_weights_gradient_start(
    const dn_conv_weights *plan, const dn_weights_piece *at) {
  const int64_t *phase = plan->phase[at->phase].phase, *phases = plan->phases;
  return plan->out.origin + at->image * plan->out.image +
         (at->z * phases[0] + phase[0]) * plan->out.plane +
         (at->y * phases[1] + phase[1]) * plan->out.row +
         (at->x * phases[2] + phase[2]) * plan->out.lanes;
}

// Both blocked, bfloat16: adds the products of a piece for one block of inputs to `partial`, by pairs of
// pixels, or where the processor multiplies matrices.
void dn_weights_add_pairs(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial);
void dn_weights_add_matrices(
    const dn_weights_job *job, const dn_weights_piece *at, int64_t block, float *partial);
