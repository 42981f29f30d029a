// Activation, normalisation and dropout.
#include "pointwise.h"

#include "CSupport.h"
#include "kernel_table.h"

dn_rows dn_rows_of(const dn_layout *layout) {
  dn_rows rows = {.layout = *layout, .strides = dn_strides_of(layout)};
  rows.total = layout->batch * rows.strides.blocks * layout->size[0] * layout->size[1];
  rows.items = dn_min(rows.total, DN_MOST_ROW_ITEMS);
  return rows;
}

static void run(dn_pass pass, dn_row_job *job) {
  dn_parallel(job->rows.items, dn_kernels_active()->pass[pass], job);
}

void dn_activation(const dn_layout *layout, const void *x, float slope, void *y) {
  dn_row_job job = {.rows = dn_rows_of(layout), .x = x, .y = y, .slope = slope};
  run(DN_PASS_ACTIVATION, &job);
}

void dn_activation_gradient(
    const dn_layout *layout, const void *y, float slope, const void *y_gradient,
    void *x_gradient) {
  dn_row_job job = {
      .rows = dn_rows_of(layout), .x = y, .other = y_gradient, .y = x_gradient, .slope = slope};
  run(DN_PASS_ACTIVATION_GRADIENT, &job);
}

void dn_norm_apply(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope, void *y) {
  dn_row_job job = {
      .rows = dn_rows_of(layout), .norm = norm, .x = x, .y = y, .slope = slope};
  run(DN_PASS_NORM_APPLY, &job);
}

// Rows of one block, over all images, in chunks.
static dn_rows rows_of_block(const dn_layout *layout) {
  dn_rows rows = dn_rows_of(layout);
  rows.total /= rows.strides.blocks;
  rows.items = dn_min(rows.total, dn_max(DN_MOST_ROW_ITEMS / rows.strides.blocks, 1));
  return rows;
}

size_t dn_norm_workspace_bytes(const dn_layout *layout) {
  dn_rows rows = rows_of_block(layout);
  return (size_t)(rows.items * rows.strides.blocks * 2 * DN_LANES) * sizeof(double);
}

void dn_norm_gradient_sums(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope,
    const void *y_gradient, float *sums, void *workspace) {
  dn_row_job job = {
      .rows = rows_of_block(layout), .norm = norm, .x = x, .other = y_gradient, .slope = slope,
      .partial = workspace};
  int64_t blocks = job.rows.strides.blocks;
  dn_parallel(job.rows.items * blocks, dn_kernels_active()->pass[DN_PASS_NORM_SUMS], &job);
  for (int64_t c = 0; c < layout->channels; c++)
    for (int64_t kind = 0; kind < 2; kind++) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < job.rows.items; chunk++)
        sum += job.partial[(chunk * blocks + c / DN_LANES) * 32 + kind * 16 + c % DN_LANES];
      sums[kind * layout->channels + c] = (float)sum;
    }
}

void dn_norm_gradient(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope,
    const void *y_gradient, const float *sums, void *x_gradient) {
  dn_row_job job = {
      .rows = dn_rows_of(layout), .norm = norm, .x = x, .other = y_gradient, .y = x_gradient,
      .slope = slope, .sums = sums,
      .count = (float)(layout->batch * dn_layout_pixels(layout))};
  run(DN_PASS_NORM_GRADIENT, &job);
}

void dn_partial(
    const dn_layout *layout, const void *x, const float *share, const float *bias, float slope,
    void *y) {
  dn_row_job job = {
      .rows = dn_rows_of(layout), .x = x, .y = y, .slope = slope, .share = share, .bias = bias};
  run(DN_PASS_PARTIAL, &job);
}

size_t dn_partial_workspace_bytes(const dn_layout *layout) {
  dn_rows rows = rows_of_block(layout);
  return (size_t)(rows.items * rows.strides.blocks * DN_LANES) * sizeof(double);
}

void dn_partial_gradient(
    const dn_layout *layout, const void *y, const float *share, float slope,
    const void *y_gradient, void *x_gradient, float *bias_gradient, void *workspace) {
  dn_row_job job = {
      .rows = rows_of_block(layout), .x = y, .other = y_gradient, .y = x_gradient, .slope = slope,
      .share = share, .partial = workspace};
  int64_t blocks = job.rows.strides.blocks;
  dn_parallel(job.rows.items * blocks, dn_kernels_active()->pass[DN_PASS_PARTIAL_GRADIENT], &job);
  for (int64_t c = 0; c < layout->channels; c++) {
    double sum = 0;
    for (int64_t chunk = 0; chunk < job.rows.items; chunk++)
      sum += job.partial[(chunk * blocks + c / DN_LANES) * DN_LANES + c % DN_LANES];
    bias_gradient[c] = (float)sum;
  }
}

void dn_dropout(
    const dn_layout *layout, const void *x, float rate, uint64_t seed, uint32_t stream, void *y) {
  dn_row_job job = {
      .rows = dn_rows_of(layout), .x = x, .y = y, .rate = rate, .seed = seed, .stream = stream};
  run(DN_PASS_DROPOUT, &job);
}
