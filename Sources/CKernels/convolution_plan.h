// What a plan holds; shared by planning, packing and running.
#pragma once
#include "geometry.h"

// One phase of the outputs: o = phases * i + phase for each axis, i < count.
typedef struct dn_phase {
  int64_t phase[3], count[3];
  dn_view view[2];
} dn_phase;

// How a convolution of 3 x 3 taps (and any depth) is computed by Winograd's algorithm; see
// winograd.c. `tiles` is 0 where it is not.
typedef struct dn_winograd_plan {
  int64_t tiles;           // most tiles of 2 x 2 outputs in a piece
  int64_t rows, columns;   // of tiles in a piece
  int64_t tap[2][3];       // the kernel's taps along height and width, by their offset + 1
} dn_winograd_plan;

struct dn_conv {
  const dn_kernels *kernels;
  int64_t segments;         // tensors read: 1 or 2
  dn_layout input[2], output;
  dn_strides in[2], out;
  int64_t phases[3], phase_count;
  dn_phase *phase;
  // Where a weight lies in the plain array: taps are innermost.
  int64_t kernel[3], output_stride, input_stride, base[2];
  bool has_bias;
  int64_t groups;           // of output blocks (or planar output channels) computed together
  size_t packed_bytes, bias_offset;
  size_t *offset;           // bytes into the packed weights: [phase][group][segment]
  // The partition of the work, which depends on the shape alone: strips of rows of one plane,
  // computed in pieces of `strip_width` outputs a row; an item is a range of strips.
  int64_t strip_rows, strip_width, strips_per_plane, strips, items;
  dn_winograd_plan winograd;
};

// Whether a segment's weights are packed as bfloat16, as they are where such products are taken.
static inline bool dn_conv_packs_bf16(const dn_conv *plan, int64_t segment) {
  return plan->input[segment].storage == DN_BLOCKED_BF16 && plan->output.storage != DN_PLANAR;
}

// Whether matrices are multiplied, two taps of a run at a time: see dn_tile's weights.
static inline bool dn_conv_takes_matrices(const dn_conv *plan, int64_t segment) {
  return plan->kernels->matrix_row && dn_conv_packs_bf16(plan, segment);
}

// Taps that are stored for some runs.
static inline int64_t dn_conv_packed_taps(
    const dn_conv *plan, int64_t segment, const dn_run *runs, int64_t count) {
  int64_t taps = 0;
  for (int64_t r = 0; r < count; r++)
    taps += runs[r].length + (runs[r].length == 3 && dn_conv_takes_matrices(plan, segment));
  return taps;
}

// Blocks of group `group`, and the first of them.
static inline int64_t dn_conv_group_size(const dn_conv *plan, int64_t group) {
  return dn_min(plan->kernels->group, plan->out.blocks - group * plan->kernels->group);
}

static inline const size_t *dn_conv_offset(const dn_conv *plan, int64_t phase, int64_t group) {
  return plan->offset + (phase * plan->groups + group) * 2;
}

// Elements of a pixel's sums in a group of `blocks` blocks.
static inline int64_t dn_conv_unit(const dn_conv *plan, int64_t blocks) {
  return plan->out.lanes * blocks;
}

// All phases of an output grid, and how many outputs each has; NULL where there is no memory.
dn_phase *dn_make_phases(const int64_t phases[3], const int64_t size[3]);
void dn_free_phases(dn_phase *list, int64_t count);
