// What a plan of a weight gradient holds.
#pragma once
#include "geometry.h"
#include "convolution_plan.h"

struct dn_conv_weights {
  const dn_kernels *kernels;
  dn_layout source, gradient;
  dn_strides in, out;
  int64_t phases[3], phase_count;
  dn_phase *phase;           // with view[0]
  int64_t **tap_offset;      // for each phase: elements from an output's own pixel to each tap's
  int64_t *first_tap, taps;  // of each phase among all
  int64_t kernel[3], output_stride, input_stride, base;
  // The partition: rows of the grid of one phase, cut into chunks; an item is a chunk of a block
  // of inputs. A chunk is worked through in pieces of `rows` by `width` outputs.
  int64_t grid[3], chunks, piece_rows, piece_width;
  // Whether it is computed by Winograd's algorithm: the grid, rows and width are then counted in
  // tiles of 2 x 2 outputs, and the "taps" of a partial sum are 16 positions for each tap in depth.
  bool tiled;
  int64_t tile_tap[2][3];  // the kernel's taps along height and width, by their offset + 1
};

// Partial sums: [chunk][block of inputs][block of outputs][tap][lane of inputs][lane of outputs],
// then as doubles, 64-byte aligned, those of the bias: [chunk][outputs].
static inline int64_t dn_weights_tile(const dn_conv_weights *plan) {
  return plan->in.lanes * plan->out.lanes;
}

static inline int64_t dn_weights_partial(const dn_conv_weights *plan) {
  return plan->in.blocks * plan->out.blocks * plan->taps * dn_weights_tile(plan);
}

static inline int64_t dn_weights_bias_start(const dn_conv_weights *plan) {
  return dn_round_up(plan->chunks * dn_weights_partial(plan) * 4, 64);
}

// Rows and positions of pairs that a piece of bfloat16 inputs takes.
typedef struct dn_pair_window {
  int64_t low[2], count[2];  // rows, positions: first one from the piece's own first, and number
} dn_pair_window;
dn_pair_window dn_weights_window(const dn_view *view, int64_t rows, int64_t width);

// A piece as matrices: rows of the window one after the other, `line` pixels each, so that a tap is a
// shift and all rows of a piece are one line of `pixels`. Where outputs lie `step` inputs apart, the
// window is taken apart into `planes` by the remainders of row and column.
typedef struct dn_matrix_window {
  dn_pair_window window;
  int64_t step[2];
  int64_t line, plane, planes;
  int64_t channel, pixels;  // all pixels of a channel; those of the gradient, a multiple of 32
} dn_matrix_window;
dn_matrix_window dn_weights_matrix(const dn_view *view, int64_t rows, int64_t width);

enum { DN_MATRIX_PIXELS = 1056, DN_MATRIX_BLOCKS = 4 };
enum { DN_PIECE_TILES = 64, DN_PAIR_BYTES = 96 << 10, DN_PIECE_WIDTH = 128, DN_PIECE_PIXELS = 256 };
