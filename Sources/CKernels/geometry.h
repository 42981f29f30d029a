// Which inputs an output reads, one axis at a time.
//
// Outputs o = phases * i + phase are computed together for each phase; they read the input pixels
// step * i + offset. Several taps of the kernel may read the same input pixel (an upsampled
// source): they are then one tap here, whose weight is the sum of `count` original ones.
#pragma once
#include "convolution.h"
#include "kernel_table.h"

enum { DN_MAX_KERNEL = 15, DN_MAX_TAPS = DN_MAX_KERNEL + 1 };

typedef struct dn_axis_tap {
  int64_t offset;
  int32_t first, count;  // taps of the kernel
} dn_axis_tap;

typedef struct dn_axis_view {
  int64_t step;
  int32_t taps;
  dn_axis_tap tap[DN_MAX_TAPS];
} dn_axis_view;

// One source as read by one phase of the outputs.
typedef struct dn_view {
  dn_axis_view axis[3];  // the taps of the last axis are ordered by runs
  int64_t run_count;
  dn_run *runs;
  int64_t taps;  // all of them, in the order of the runs
} dn_view;

// `start` is that of the window, 0 where there is none.
dn_axis_view dn_axis_forward(
    int64_t kernel, int64_t stride, int64_t scale, int64_t phases, int64_t phase, int64_t start);
dn_axis_view dn_axis_input_gradient(
    int64_t kernel, int64_t stride, int64_t scale, int64_t phase);

// NULL where the shape can be computed, or what is wrong with it.
const char *dn_conv_problem(const dn_conv_shape *shape);

// Whether all that the view reads for `count` outputs an axis lies inside the stored tensor.
bool dn_view_fits(const dn_view *view, const dn_layout *source, const int64_t count[3]);

// Orders the taps of the last axis and lists the runs; false where there is no memory.
bool dn_view_make_runs(dn_view *view, const dn_strides *source);

// Calls `body` for each tap of the view in the order of the runs, with its place in its run.
typedef struct dn_tap_place {
  int64_t run, place, length;  // of the run
  int64_t index;               // in the order of the runs
  const dn_axis_tap *tap[3];
} dn_tap_place;
void dn_view_each_tap(
    const dn_view *view, void (*body)(void *, const dn_tap_place *), void *context);
