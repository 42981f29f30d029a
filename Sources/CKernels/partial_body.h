// The end of a partial convolution, a row at a time.

DN_INLINE const float *NAME(shares_of_row)(const dn_row_job *job, int64_t row) {
  int64_t in_block = NAME(rows_in_block)(&job->rows);
  int64_t image = row / in_block / job->rows.strides.blocks;
  return job->share + (image * in_block + row % in_block) * job->rows.layout.size[2];
}

DN_INLINE void NAME(partial_row)(
    const dn_row_job *job, int64_t row, vec bias, const int bf16) {
  const float *share = NAME(shares_of_row)(job, row);
  int64_t at = NAME(row_start)(&job->rows, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++, at += 16) {
    vec v = share[x] > 0 ? load_pixel(job->x, at, bf16) * share[x] + bias : (vec)0;
    store_pixel(job->y, at, v > 0 ? v : v * job->slope, bf16);
  }
}

static void NAME(partial)(void *context, int64_t item) {
  const dn_row_job *job = context;
  const dn_rows *rows = &job->rows;
  int64_t end = dn_item_start(rows, item + 1);
  for (int64_t row = dn_item_start(rows, item); row < end; row++) {
    int64_t block = row / NAME(rows_in_block)(rows) % rows->strides.blocks;
    vec bias = NAME(load_channels)(job->bias, block, rows->layout.channels);
    if (rows->layout.storage == DN_BLOCKED_BF16) NAME(partial_row)(job, row, bias, 1);
    else NAME(partial_row)(job, row, bias, 0);
  }
}

// A chunk of the rows of all images for one block, see BLOCK_PASS.
DN_INLINE void NAME(partial_gradient_block)(
    const dn_row_job *job, int64_t chunk, int64_t block, const int bf16) {
  const dn_rows *rows = &job->rows;
  int64_t in_block = NAME(rows_in_block)(rows), blocks = rows->strides.blocks;
  double *partial = job->partial + (chunk * blocks + block) * 16;
  memset(partial, 0, 16 * sizeof *partial);
  int64_t end = dn_item_start(rows, chunk + 1);
  for (int64_t index = dn_item_start(rows, chunk); index < end; index++) {
    int64_t row = (index / in_block * blocks + block) * in_block + index % in_block;
    const float *share = NAME(shares_of_row)(job, row);
    int64_t at = NAME(row_start)(rows, row);
    vec sum = 0;
    for (int64_t x = 0; x < rows->layout.size[2]; x++, at += 16) {
      vec g = load_pixel(job->other, at, bf16);
      g = load_pixel(job->x, at, bf16) > 0 ? g : g * job->slope;
      g = share[x] > 0 ? g : (vec)0;
      sum += g;
      store_pixel(job->y, at, g * share[x], bf16);
    }
    for (int lane = 0; lane < 16; lane++) partial[lane] += (double)sum[lane];
  }
}

BLOCK_PASS(partial_gradient)
