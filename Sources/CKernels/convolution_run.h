// What the ways of running a convolution share.
#pragma once
#include "convolution_plan.h"

typedef struct dn_conv_job {
  const dn_conv *plan;
  const dn_conv_run_arguments *arguments;
  double *totals;  // NULL, or sums for each item
} dn_conv_job;

// A piece of a strip: rows y ..< y + rows, columns x ..< x + width of one phase.
typedef struct dn_conv_piece {
  const dn_phase *phase;
  int64_t phase_index, image, z, y, x, rows, width;
} dn_conv_piece;

// Brings the sums of a piece, [row][pixel][channel of `blocks` blocks from `block` on], through
// bias, activation, gate and accumulation to memory.
void dn_conv_finish_piece(
    const dn_conv_job *job, const dn_conv_piece *at, int64_t block, int64_t blocks,
    const float *sums, double *totals);
