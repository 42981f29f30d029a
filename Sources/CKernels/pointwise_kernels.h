// The bodies of the pointwise passes, for dn_parallel: each takes its job and the item's number.
#pragma once
#include "optimiser.h"
#include "pointwise.h"
#include "strides.h"

typedef enum dn_pass {
  DN_PASS_POOL,
  DN_PASS_POOL_GRADIENT,
  DN_PASS_UPSAMPLE,
  DN_PASS_UPSAMPLE_GRADIENT,
  DN_PASS_NEIGHBOUR_MAX,
  DN_PASS_NEIGHBOUR_MAX_GRADIENT,
  DN_PASS_CONTRACT,
  DN_PASS_EXPAND,
  DN_PASS_ACTIVATION,
  DN_PASS_ACTIVATION_GRADIENT,
  DN_PASS_NORM_APPLY,
  DN_PASS_NORM_SUMS,
  DN_PASS_NORM_GRADIENT,
  DN_PASS_PARTIAL,
  DN_PASS_PARTIAL_GRADIENT,
  DN_PASS_DROPOUT,
  DN_PASS_ADAM,
  DN_PASS_SQUARES,
  DN_PASSES
} dn_pass;

// Rows of a tensor, cut into items; row r of block b of image n is
// (n * blocks + b) * rows_in_block + r.
typedef struct dn_rows {
  dn_layout layout;
  dn_strides strides;
  int64_t total, items;
} dn_rows;

typedef struct dn_scaling_job {
  dn_rows rows;  // of the coarse tensor
  dn_layout fine;
  dn_strides fine_strides;
  int64_t scale[3];
  const void *source, *gate;
  void *output;
  uint8_t *winner;
  bool accumulate;
  float gate_slope;
  int64_t reach[3];  // of windows of neighbours: 1 along the axes that there are
  float weight[4];   // as in dn_taps
  bool clamped;
} dn_scaling_job;

typedef struct dn_row_job {
  dn_rows rows;
  const dn_norm *norm;
  const void *x, *other;
  void *y;
  float slope, count;  // elements of a channel
  const float *sums;
  double *partial;
  const float *share, *bias;  // of a partial convolution: one number a pixel, one a channel
  float rate;
  uint64_t seed;
  uint32_t stream;
} dn_row_job;

typedef struct dn_flat_job {
  int64_t count;
  const float *gradient;
  float *parameter, *moment1, *moment2;
  // parameter = keep * parameter - step * moment1 / (root * sqrt(moment2) + epsilon)
  float keep, step, root, epsilon, beta1, beta2, decay, gradient_scale;
  double *partial;
} dn_flat_job;

dn_rows dn_rows_of(const dn_layout *layout);

// The job for a tensor and one whose size is halved (rounded down) along some axes, or false where
// they do not belong together.
bool dn_scaling_of(const dn_layout *fine, const dn_layout *coarse, dn_scaling_job *job);

enum { DN_FLAT_ITEM = 1 << 14, DN_MOST_ROW_ITEMS = 256 };

static inline int64_t dn_item_start(const dn_rows *rows, int64_t item) {
  return item * rows->total / rows->items;
}
