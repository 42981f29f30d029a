// A layout as distances in memory.
#pragma once
#include "tensor_layout.h"

typedef struct dn_strides {
  int64_t lanes;   // elements of a pixel: 16, or 1 where planar
  int64_t blocks;  // blocks of channels
  int64_t row, plane, block, image;  // elements between neighbours
  int64_t origin;  // the first pixel inside the halo
  int64_t element;  // bytes of an element
} dn_strides;

dn_strides dn_strides_of(const dn_layout *layout);

static inline int64_t dn_ceil_div(int64_t value, int64_t by) { return (value + by - 1) / by; }
static inline int64_t dn_round_up(int64_t value, int64_t to) { return dn_ceil_div(value, to) * to; }
static inline int64_t dn_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t dn_max(int64_t a, int64_t b) { return a > b ? a : b; }
