// The inner kernels, one table of them for each instruction set.
#pragma once
#include "CSupport.h"
#include "pointwise_kernels.h"
#include "strides.h"

// How a source is read: `storage` of dn_layout, and 1 or 2 pixels from an output to the next.
enum { DN_KINDS = 3, DN_STEPS = 2, DN_TILE_SIZES = 5, DN_RUN = 3 };

// Up to DN_RUN taps whose inputs follow each other at the distance of the step, so that an input
// that was loaded serves all of them.
typedef struct dn_run {
  int64_t offset;  // of the first tap, in elements from the output's own pixel
  int32_t length;
} dn_run;

// Some blocks of input channels, taken through all taps, added to neighbouring outputs in a row.
typedef struct dn_tile {
  const void *source;    // the first output's own pixel in the first block
  int64_t block_stride;  // elements
  int64_t blocks;
  const dn_run *runs;
  int64_t run_count;
  // [block][run][lane][tap of the run][outputs], bf16: lanes in pairs; for matrix_row [block][run]
  // [tap][lane][outputs] with a tap of zeros before the last of three.
  const void *weights;
  float *sums;           // [pixel][outputs]
  bool first;            // start from zero in the place of the sums
} dn_tile;
typedef void (*dn_tile_kernel)(const dn_tile *tile);

// What happens to the sums of a row when all products are in; fields as in dn_conv_run_arguments.
typedef struct dn_finish {
  void *output;
  const void *gate;
  const float *bias;  // of the first output channel of the sums
  double *totals;     // NULL, or sums for the same channels; those of squares `totals_stride` on
  int64_t totals_stride;
  float slope, gate_slope;
  bool accumulate;
  dn_storage storage;
  int64_t block_stride, step;  // of the output, in elements
} dn_finish;

// A row of tiles of Winograd's algorithm, each 2 pixels on: 4 rows of inputs to 16 numbers a lane.
typedef struct dn_winograd_rows {
  const float *source;  // the pixel above and left of the first output
  int64_t row;          // elements
  int64_t tiles;
  float *to;            // [position][tile][lane]
  int64_t position;     // elements from a position to the next
} dn_winograd_rows;

// One run of taps of a weight gradient over some rows.
typedef struct dn_gradient_rows {
  const void *source, *gradient;  // the first row
  int64_t source_row, source_step, gradient_row, gradient_step;  // elements
  int64_t rows, width;
  int64_t length;  // of the run
  float *weights;  // [tap of the run][16 inputs][16 outputs], added to
} dn_gradient_rows;

// A weight gradient as products of matrices: for each tap and block of outputs, inputs (channels by
// pixels) times gradients (pairs of pixels by channels), over pixels in one line.
typedef struct dn_matrix_gradient {
  const uint16_t *inputs;     // [16 channels][pixels], for a tap from its shift on
  int64_t channel;            // elements from a channel to the next
  const int64_t *shift;       // of each tap, in elements
  int64_t taps;
  const uint32_t *gradients;  // [block][pair of pixels][16 outputs]
  int64_t block;              // elements from a block to the next
  int64_t blocks, pixels;     // the latter a multiple of 32
  float *weights;             // [block][tap][16 inputs][16 outputs], added to
  int64_t weights_block;
} dn_matrix_gradient;

// Products of a vector (a blocked pixel) and a scalar (a planar one), one of them read at taps.
typedef struct dn_outer_rows {
  const void *vector;
  const float *scalar;
  int64_t vector_row, vector_step, scalar_row, scalar_step;
  const int64_t *offset;  // of each tap, in elements
  bool vector_moves;      // the offsets are those of the vector
  int64_t taps, rows, width;
  float *weights;  // [tap][16], added to
} dn_outer_rows;

typedef struct dn_kernels {
  int64_t group;  // most blocks of outputs in a tile: 1 or 2
  int64_t tile_log[2];  // log2 of the most pixels in a tile, for 1 and 2 blocks
  dn_tile_kernel tile[DN_KINDS][DN_STEPS][2][DN_TILE_SIZES];
  dn_tile_kernel few[DN_KINDS][DN_STEPS];  // 16 pixels, one planar output
  dn_tile_kernel few_one[DN_KINDS][DN_STEPS];  // 1 pixel
  // Products of matrices of bfloat16, where the processor has registers for them (isa_amx.c), take
  // the place of the tiles and rows of pairs above and below; NULL elsewhere. Threads call `enter`
  // before and `leave` after.
  void (*enter)(void), (*leave)(void);
  void (*matrix_row)(const dn_tile *, int64_t pixels, int64_t blocks, int64_t step);
  void (*matrix_gradient)(const dn_matrix_gradient *);
  void (*transpose_row)(
      const uint16_t *row, int64_t step, int64_t count, uint16_t *to, int64_t channel);
  void (*finish)(const dn_finish *, const float *sums, int64_t pixels, int64_t blocks, int64_t at);
  void (*winograd_inputs)(const dn_winograd_rows *);
  void (*winograd_gradients)(const dn_winograd_rows *);
  void (*winograd_outputs)(
      const float *products, int64_t position, int64_t tiles, int64_t unit, float *outputs);
  void (*gradient_rows)(const dn_gradient_rows *);
  void (*gradient_pairs)(const dn_gradient_rows *);
  void (*pair_row)(
      const uint16_t *row, int64_t next, int64_t distance, int64_t count, int64_t whole,
      uint32_t *pairs);
  void (*outer_rows[2])(const dn_outer_rows *);  // vector in float32, in bfloat16
  void (*sum_rows)(
      const void *from, dn_storage storage, int64_t row, int64_t step, int64_t rows,
      int64_t width, double *sums);
  dn_body pass[DN_PASSES];
} dn_kernels;

extern const dn_kernels dn_kernels_portable;
#if defined(__x86_64__)
extern const dn_kernels dn_kernels_avx2, dn_kernels_avx512, dn_kernels_avx512_bf16;

// NULL where the processor or the system has none of it.
const dn_kernels *dn_kernels_amx(void);
#endif

const dn_kernels *dn_kernels_active(void);
