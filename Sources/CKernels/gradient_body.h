// Weight gradients: products of inputs and output gradients summed over pixels in registers.

// WIDE taps of a run times INPUTS input channels times 16 output channels, over some rows. An
// input is loaded once and meets the gradients of the last WIDE outputs.
DN_INLINE void NAME(gradient_part)(
    const dn_gradient_rows *job, float *weights, const float *source, const int wide,
    const int inputs) {
  vec sum[wide * inputs];
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    sum[i] = load(weights + (i / inputs) * 256 + (i % inputs) * 16);
  for (int64_t row = 0; row < job->rows; row++) {
    const float *input = source + row * job->source_row;
    const float *gradient = (const float *)job->gradient + row * job->gradient_row;
    vec passing[wide];
    DN_UNROLL
    for (int tap = 0; tap < wide; tap++) passing[tap] = 0;
    for (int64_t x = 0; x < job->width + wide - 1; x++, input += job->source_step) {
      DN_UNROLL
      for (int tap = wide - 1; tap > 0; tap--) passing[tap] = passing[tap - 1];
      passing[0] = x < job->width ? load(gradient + x * job->gradient_step) : (vec)0;
      DN_UNROLL
      for (int i = 0; i < inputs; i++) {
        vec value = (vec)input[i];
        DN_UNROLL
        for (int tap = 0; tap < wide; tap++) sum[tap * inputs + i] += value * passing[tap];
      }
    }
  }
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    store(weights + (i / inputs) * 256 + (i % inputs) * 16, sum[i]);
}

static void NAME(gradient_rows)(const dn_gradient_rows *job) {
  const float *source = job->source;
#if GRADIENT_RUN == 3
  if (job->length == 3) {
    for (int part = 0; part < 16; part += 8)
      NAME(gradient_part)(job, job->weights + part * 16, source + part, 3, 8);
    return;
  }
  if (job->length == 2) {
    for (int part = 0; part < 16; part += 8)
      NAME(gradient_part)(job, job->weights + part * 16, source + part, 2, 8);
    return;
  }
  NAME(gradient_part)(job, job->weights, source, 1, 16);
#else
  for (int64_t tap = 0; tap < job->length; tap++)
    for (int part = 0; part < 16; part += 4)
      NAME(gradient_part)(
          job, job->weights + tap * 256 + part * 16, source + tap * job->source_step + part, 1, 4);
#endif
}

// Bfloat16 works on pairs of pixels: lane l of pair i holds the numbers of pixels `row + i * next`
// and `distance` elements further on; only the first `whole` pairs have a second pixel.
static void NAME(pair_row)(
    const uint16_t *row, int64_t next, int64_t distance, int64_t count, int64_t whole,
    uint32_t *pairs) {
  for (int64_t i = 0; i < count; i++, row += next) {
    uvec pair = __builtin_convertvector(*(const hvec *)row, uvec);
    if (i < whole) pair |= __builtin_convertvector(*(const hvec *)(row + distance), uvec) << 16;
    *(uvec *)(pairs + i * 16) = pair;
  }
}

DN_INLINE void NAME(pairs_part)(
    const dn_gradient_rows *job, float *weights, const uint32_t *source, const int wide,
    const int inputs) {
  vec sum[wide * inputs];
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    sum[i] = load(weights + (i / inputs) * 256 + (i % inputs) * 16);
  for (int64_t row = 0; row < job->rows; row++) {
    const uint32_t *input = source + row * job->source_row;
    const uint32_t *gradient = (const uint32_t *)job->gradient + row * job->gradient_row;
    for (int64_t x = 0; x < job->width; x += 2) {
      uvec g = *(const uvec *)(gradient + x * 8);
      DN_UNROLL
      for (int tap = 0; tap < wide; tap++) {
        DN_UNROLL
        for (int i = 0; i < inputs; i++)
          sum[tap * inputs + i] =
              DOT(sum[tap * inputs + i], (uvec)input[(x + tap) * job->source_step + i], g);
      }
    }
  }
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    store(weights + (i / inputs) * 256 + (i % inputs) * 16, sum[i]);
}

// As gradient_rows on pairs: one for each input position, one for every second gradient. Rows and
// steps are in lanes.
static void NAME(gradient_pairs)(const dn_gradient_rows *job) {
  const uint32_t *source = job->source;
#if GRADIENT_RUN == 3
  if (job->length == 3) {
    for (int part = 0; part < 16; part += 8)
      NAME(pairs_part)(job, job->weights + part * 16, source + part, 3, 8);
    return;
  }
  if (job->length == 2) {
    for (int part = 0; part < 16; part += 8)
      NAME(pairs_part)(job, job->weights + part * 16, source + part, 2, 8);
    return;
  }
  NAME(pairs_part)(job, job->weights, source, 1, 16);
#else
  for (int64_t tap = 0; tap < job->length; tap++)
    for (int part = 0; part < 16; part += 4)
      NAME(pairs_part)(job, job->weights + tap * 256 + part * 16, source + tap * job->source_step + part, 1, 4);
#endif
}

DN_INLINE void NAME(outer_part)(
    const dn_outer_rows *job, int64_t first, const int taps, const int bf16) {
  vec sum[taps];
  DN_UNROLL
  for (int t = 0; t < taps; t++) sum[t] = load(job->weights + (first + t) * 16);
  for (int64_t row = 0; row < job->rows; row++)
    for (int64_t x = 0; x < job->width; x++) {
      int64_t vector = row * job->vector_row + x * job->vector_step;
      const float *scalar = job->scalar + row * job->scalar_row + x * job->scalar_step;
      DN_UNROLL
      for (int t = 0; t < taps; t++)
        sum[t] += load_pixel(job->vector, vector + job->vector_offset[first + t], bf16) *
                  scalar[job->scalar_offset[first + t]];
    }
  DN_UNROLL
  for (int t = 0; t < taps; t++) store(job->weights + (first + t) * 16, sum[t]);
}

DN_INLINE void NAME(outer)(const dn_outer_rows *job, const int bf16) {
  int64_t tap = 0;
  for (; tap + OUTER_TAPS <= job->taps; tap += OUTER_TAPS)
    NAME(outer_part)(job, tap, OUTER_TAPS, bf16);
  for (; tap + 3 <= job->taps; tap += 3) NAME(outer_part)(job, tap, 3, bf16);
  for (; tap < job->taps; tap++) NAME(outer_part)(job, tap, 1, bf16);
}

static void NAME(outer_float)(const dn_outer_rows *job) { NAME(outer)(job, 0); }
static void NAME(outer_half)(const dn_outer_rows *job) { NAME(outer)(job, 1); }

// Adds the sum over some rows of each lane to `sums`.
static void NAME(sum_rows)(
    const void *from, dn_storage storage, int64_t row, int64_t step, int64_t rows, int64_t width,
    double *sums) {
  const int lanes = storage == DN_PLANAR ? 1 : 16;
  vec total = 0;
  for (int64_t y = 0; y < rows; y++)
    for (int64_t x = 0; x < width; x++) {
      int64_t at = y * row + x * step;
      if (storage == DN_PLANAR) total[0] += ((const float *)from)[at];
      else total += load_pixel(from, at, storage == DN_BLOCKED_BF16);
    }
  for (int lane = 0; lane < lanes; lane++) sums[lane] += (double)total[lane];
}
