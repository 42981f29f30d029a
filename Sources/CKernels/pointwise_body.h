// Activation, normalisation and dropout, a row at a time; the update of the parameters.

// Sixteen channels of an array of one number a channel, zero beyond the last.
DN_INLINE vec NAME(load_channels)(const float *from, int64_t block, int64_t channels) {
  float numbers[16] = {0};
  int64_t count = dn_min(channels - block * 16, 16);
  memcpy(numbers, from + block * 16, (size_t)count * sizeof(float));
  return load_unaligned(numbers);
}

typedef struct NAME(channel_values) {
  vec scale, shift, mean, inverse, sum, sum_x;
} NAME(channel_values);

DN_INLINE void NAME(activation_row)(
    const dn_row_job *job, int64_t at, const NAME(channel_values) *of, const int bf16) {
  (void)of;
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++, at += 16) {
    vec v = load_pixel(job->x, at, bf16);
    store_pixel(job->y, at, v > 0 ? v : v * job->slope, bf16);
  }
}

DN_INLINE void NAME(activation_gradient_row)(
    const dn_row_job *job, int64_t at, const NAME(channel_values) *of, const int bf16) {
  (void)of;
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++, at += 16) {
    vec g = load_pixel(job->other, at, bf16);
    store_pixel(job->y, at, load_pixel(job->x, at, bf16) > 0 ? g : g * job->slope, bf16);
  }
}

DN_INLINE void NAME(norm_apply_row)(
    const dn_row_job *job, int64_t at, const NAME(channel_values) *of, const int bf16) {
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++, at += 16) {
    vec v = load_pixel(job->x, at, bf16) * of->scale + of->shift;
    store_pixel(job->y, at, v > 0 ? v : v * job->slope, bf16);
  }
}

// The gradient through the activation.
DN_INLINE vec NAME(gradient_before)(
    const dn_row_job *job, int64_t at, const NAME(channel_values) *of, vec x, const int bf16) {
  vec g = load_pixel(job->other, at, bf16);
  return x * of->scale + of->shift > 0 ? g : g * job->slope;
}

DN_INLINE void NAME(norm_gradient_row)(
    const dn_row_job *job, int64_t at, const NAME(channel_values) *of, const int bf16) {
  // scale * (g - sum / n - xhat * sum_x / n), with xhat = (x - mean) * inverse.
  const vec slope = of->scale * of->inverse * of->sum_x / job->count;
  const vec constant = of->scale * of->sum / job->count - slope * of->mean;
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++, at += 16) {
    vec v = load_pixel(job->x, at, bf16);
    vec g = NAME(gradient_before)(job, at, of, v, bf16);
    store_pixel(job->y, at, of->scale * g - slope * v - constant, bf16);
  }
}

DN_INLINE int64_t NAME(row_start)(const dn_rows *rows, int64_t row) {
  const dn_layout *layout = &rows->layout;
  int64_t y = row % layout->size[1], plane = row / layout->size[1];
  int64_t z = plane % layout->size[0], block = plane / layout->size[0];
  return rows->strides.origin + block * rows->strides.block + z * rows->strides.plane +
         y * rows->strides.row;
}

DN_INLINE int64_t NAME(rows_in_block)(const dn_rows *rows) {
  return rows->layout.size[0] * rows->layout.size[1];
}

DN_INLINE NAME(channel_values) NAME(load_values)(const dn_row_job *job, int64_t block) {
  NAME(channel_values) of = {0};
  const int64_t channels = job->rows.layout.channels;
  if (!job->norm) return of;
  of.scale = NAME(load_channels)(job->norm->scale, block, channels);
  of.shift = NAME(load_channels)(job->norm->shift, block, channels);
  of.mean = NAME(load_channels)(job->norm->mean, block, channels);
  of.inverse = NAME(load_channels)(job->norm->inverse, block, channels);
  if (job->sums) {
    of.sum = NAME(load_channels)(job->sums, block, channels);
    of.sum_x = NAME(load_channels)(job->sums + channels, block, channels);
  }
  return of;
}

#define ROW_PASS(name) \
  static void NAME(name)(void *context, int64_t item) { \
    const dn_row_job *job = context; \
    const dn_rows *rows = &job->rows; \
    const bool bf16 = rows->layout.storage == DN_BLOCKED_BF16; \
    int64_t end = dn_item_start(rows, item + 1), loaded = -1; \
    NAME(channel_values) of = {0}; \
    for (int64_t row = dn_item_start(rows, item); row < end; row++) { \
      int64_t at = NAME(row_start)(rows, row); \
      int64_t block = row / NAME(rows_in_block)(rows) % rows->strides.blocks; \
      if (block != loaded) of = NAME(load_values)(job, block); \
      loaded = block; \
      if (bf16) NAME(name##_row)(job, at, &of, 1); \
      else NAME(name##_row)(job, at, &of, 0); \
    } \
  }
ROW_PASS(activation)
ROW_PASS(activation_gradient)
ROW_PASS(norm_apply)
ROW_PASS(norm_gradient)

static void NAME(dropout)(void *context, int64_t item) {
  const dn_row_job *job = context;
  const dn_rows *rows = &job->rows;
  int64_t end = dn_item_start(rows, item + 1), in_block = NAME(rows_in_block)(rows);
  for (int64_t row = dn_item_start(rows, item); row < end; row++) {
    int64_t at = NAME(row_start)(rows, row);
    if (rows->layout.storage == DN_BLOCKED_BF16)
      NAME(dropout_row)(job, at, row % in_block, row / in_block, 1);
    else
      NAME(dropout_row)(job, at, row % in_block, row / in_block, 0);
  }
}

// Sums over a chunk of the rows of all images for one block: item = chunk * blocks + block, here
// with `total` and the number of chunks counted in rows of one block (BLOCK_PASS).
DN_INLINE void NAME(norm_sums_block)(
    const dn_row_job *job, int64_t chunk, int64_t block, const int bf16) {
  const dn_rows *rows = &job->rows;
  const NAME(channel_values) of = NAME(load_values)(job, block);
  int64_t in_block = NAME(rows_in_block)(rows), blocks = rows->strides.blocks;
  double *partial = job->partial + (chunk * blocks + block) * 32;
  memset(partial, 0, 32 * sizeof *partial);
  int64_t end = dn_item_start(rows, chunk + 1);
  for (int64_t index = dn_item_start(rows, chunk); index < end; index++) {
    int64_t row = (index / in_block * blocks + block) * in_block + index % in_block;
    int64_t at = NAME(row_start)(rows, row);
    vec sum = 0, sum_x = 0;
    for (int64_t x = 0; x < rows->layout.size[2]; x++, at += 16) {
      vec v = load_pixel(job->x, at, bf16);
      vec g = NAME(gradient_before)(job, at, &of, v, bf16);
      sum += g;
      sum_x += g * ((v - of.mean) * of.inverse);
    }
    for (int lane = 0; lane < 16; lane++) {
      partial[lane] += (double)sum[lane];
      partial[16 + lane] += (double)sum_x[lane];
    }
  }
}

#define BLOCK_PASS(name) \
  static void NAME(name)(void *context, int64_t item) { \
    const dn_row_job *job = context; \
    int64_t blocks = job->rows.strides.blocks; \
    if (job->rows.layout.storage == DN_BLOCKED_BF16) \
      NAME(name##_block)(job, item / blocks, item % blocks, 1); \
    else \
      NAME(name##_block)(job, item / blocks, item % blocks, 0); \
  }
BLOCK_PASS(norm_sums)

static void NAME(adam)(void *context, int64_t item) {
  const dn_flat_job job = *(const dn_flat_job *)context;
  int64_t begin = item * DN_FLAT_ITEM, end = dn_min(begin + DN_FLAT_ITEM, job.count);
  const float *restrict gradient = job.gradient;
  float *restrict parameter = job.parameter, *restrict moment1 = job.moment1;
  float *restrict moment2 = job.moment2;
  for (int64_t i = begin; i < end; i++) {
    float p = parameter[i], g = gradient[i] * job.gradient_scale + job.decay * p;
    float m = job.beta1 * moment1[i] + (1 - job.beta1) * g;
    float v = job.beta2 * moment2[i] + (1 - job.beta2) * g * g;
    moment1[i] = m;
    moment2[i] = v;
    parameter[i] = job.keep * p - job.step * m / (job.root * __builtin_sqrtf(v) + job.epsilon);
  }
}

// Sums of squares in double, in 16 lanes whatever the instructions.
static void NAME(squares)(void *context, int64_t item) {
  const dn_flat_job *job = context;
  int64_t begin = item * DN_FLAT_ITEM, end = dn_min(begin + DN_FLAT_ITEM, job->count);
  typedef double wide __attribute__((ext_vector_type(16)));
  wide sum = 0;
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) {
    wide g = __builtin_convertvector(load_unaligned(job->gradient + i), wide);
    sum += g * g;
  }
  double total = 0;
  for (; i < end; i++) total += (double)job->gradient[i] * (double)job->gradient[i];
  for (int lane = 0; lane < 16; lane++) total += sum[lane];
  job->partial[item] = total;
}
