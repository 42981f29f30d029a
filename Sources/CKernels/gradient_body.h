// Weight gradients: products of inputs and output gradients summed over pixels in registers.

// One input position: each of `inputs` channels times the gradients of the outputs that see it
// through taps from ..< to; g0, g1, g2 belong to taps 0, 1, 2.
DN_INLINE void NAME(gradient_position)(
    vec *sum, const float *input, const vec g0, const vec g1, const vec g2, const int from,
    const int to, const int inputs) {
  DN_UNROLL
  for (int i = 0; i < inputs; i++) {
    vec value = (vec)input[i];
    if (from <= 0) sum[i] += value * g0;
    if (from <= 1 && to > 1) sum[inputs + i] += value * g1;
    if (to > 2) sum[2 * inputs + i] += value * g2;
  }
}

// `wide` taps of a run times `inputs` input channels times 16 output channels, over some rows of
// at least `wide` outputs. An input is loaded once and meets the gradients of `wide` outputs;
// the first and last inputs of a row meet fewer.
DN_INLINE void NAME(gradient_part)(
    const dn_gradient_rows *job, float *weights, const float *source, const int wide,
    const int inputs) {
  vec sum[wide * inputs];
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    sum[i] = load(weights + (i / inputs) * 256 + (i % inputs) * 16);
  const int64_t step = job->source_step, next = job->gradient_step;
  for (int64_t row = 0; row < job->rows; row++) {
    const float *input = source + row * job->source_row;
    const float *gradient = (const float *)job->gradient + row * job->gradient_row;
    vec g0 = 0, g1 = 0, g2 = 0;
    DN_UNROLL
    for (int head = 1; head < wide; head++, input += step, gradient += next) {
      g2 = g1, g1 = g0, g0 = load(gradient);
      NAME(gradient_position)(sum, input, g0, g1, g2, 0, head, inputs);
    }
    for (int64_t x = wide - 1; x < job->width; x++, input += step, gradient += next) {
      g2 = g1, g1 = g0, g0 = load(gradient);
      NAME(gradient_position)(sum, input, g0, g1, g2, 0, wide, inputs);
    }
    DN_UNROLL
    for (int tail = 1; tail < wide; tail++, input += step) {
      g2 = g1, g1 = g0;
      NAME(gradient_position)(sum, input, g0, g1, g2, tail, wide, inputs);
    }
  }
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    store(weights + (i / inputs) * 256 + (i % inputs) * 16, sum[i]);
}

// Taps one at a time.
DN_INLINE void NAME(gradient_taps)(const dn_gradient_rows *job, const int inputs) {
  for (int64_t tap = 0; tap < job->length; tap++)
    for (int part = 0; part < 16; part += inputs)
      NAME(gradient_part)(
          job, job->weights + tap * 256 + part * 16,
          (const float *)job->source + tap * job->source_step + part, 1, inputs);
}

static void NAME(gradient_rows)(const dn_gradient_rows *job) {
#if GRADIENT_RUN == 3
  const float *source = job->source;
  for (int part = 0; part < 16 && job->width >= job->length; part += 8) {
    if (job->length == 3)
      NAME(gradient_part)(job, job->weights + part * 16, source + part, 3, 8);
    else if (job->length == 2)
      NAME(gradient_part)(job, job->weights + part * 16, source + part, 2, 8);
  }
  if (job->length == 1 || job->width < job->length) NAME(gradient_taps)(job, 16);
#else
  NAME(gradient_taps)(job, 4);
#endif
}

// Bfloat16 works on pairs of pixels: lane l of pair i holds the numbers of pixels `row + i * next`
// and `distance` elements further on; only the first `whole` pairs have a second pixel.
static void NAME(pair_row)(
    const uint16_t *row, int64_t next, int64_t distance, int64_t count, int64_t whole,
    uint32_t *pairs) {
  typedef uint16_t two __attribute__((ext_vector_type(32)));
  for (int64_t i = 0; i < whole; i++, row += next, pairs += 16) {
    two pixels;
    if (distance == 16) {  // side by side: one load
      memcpy(&pixels, row, sizeof pixels);
    } else {
      memcpy(&pixels, row, 32);
      memcpy((char *)&pixels + 32, row + distance, 32);
    }
    *(two *)pairs = __builtin_shufflevector(
        pixels, pixels, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10,
        26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
  for (int64_t i = whole; i < count; i++, row += next, pairs += 16)
    *(uvec *)pairs = __builtin_convertvector(*(const hvec *)row, uvec);
}

// `wide` taps times `inputs` channels: the pair at an even input position meets the gradients at
// tap 0 and, two outputs back, at tap 2; the pair at the odd position that follows those at tap 1.
DN_INLINE void NAME(pairs_part)(
    const dn_gradient_rows *job, float *weights, const uint32_t *source, const int wide,
    const int inputs) {
  vec sum[wide * inputs];
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    sum[i] = load(weights + (i / inputs) * 256 + (i % inputs) * 16);
  const int64_t step = job->source_step;
  for (int64_t row = 0; row < job->rows; row++) {
    const uint32_t *input = source + row * job->source_row;
    const uint32_t *gradient = (const uint32_t *)job->gradient + row * job->gradient_row;
    for (int64_t x = 0; x < job->width; x += 2, input += 2 * step, gradient += 16) {
      const uvec now = *(const uvec *)gradient, before = *(const uvec *)(gradient - 16);
      DN_UNROLL
      for (int i = 0; i < inputs; i++) {
        uvec value = (uvec)input[i];
        sum[i] = DOT(sum[i], value, now);
        if (wide > 2) sum[2 * inputs + i] = DOT(sum[2 * inputs + i], value, before);
        if (wide > 1) sum[inputs + i] = DOT(sum[inputs + i], (uvec)input[step + i], now);
      }
    }
    if (wide < 3) continue;
    const uvec before = *(const uvec *)(gradient - 16);
    DN_UNROLL
    for (int i = 0; i < inputs; i++)
      sum[2 * inputs + i] = DOT(sum[2 * inputs + i], (uvec)input[i], before);
  }
  DN_UNROLL
  for (int i = 0; i < wide * inputs; i++)
    store(weights + (i / inputs) * 256 + (i % inputs) * 16, sum[i]);
}

// As gradient_rows on pairs: one for each input position, one for every second gradient, with a
// pair of zeros before each row of gradients. Rows and steps are in lanes.
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
      NAME(pairs_part)(
          job, job->weights + tap * 256 + part * 16, source + tap * job->source_step + part, 1, 4);
#endif
}

// Either the vectors or the scalars are read at the taps' offsets; the other ones at the pixel.
DN_INLINE void NAME(outer_part)(
    const dn_outer_rows *job, int64_t first, const int taps, const int bf16,
    const bool vector_moves) {
  vec sum[taps];
  DN_UNROLL
  for (int t = 0; t < taps; t++) sum[t] = load(job->weights + (first + t) * 16);
  const int64_t *offset = job->offset + first;
  for (int64_t row = 0; row < job->rows; row++) {
    int64_t vector = row * job->vector_row, scalar = row * job->scalar_row;
    for (int64_t x = 0; x < job->width; x++) {
      vec pixel = vector_moves ? (vec)job->scalar[scalar] : load_pixel(job->vector, vector, bf16);
      DN_UNROLL
      for (int t = 0; t < taps; t++)
        sum[t] += pixel * (vector_moves ? load_pixel(job->vector, vector + offset[t], bf16)
                                        : (vec)job->scalar[scalar + offset[t]]);
      vector += job->vector_step;
      scalar += job->scalar_step;
    }
  }
  DN_UNROLL
  for (int t = 0; t < taps; t++) store(job->weights + (first + t) * 16, sum[t]);
}

DN_INLINE void NAME(outer_all)(const dn_outer_rows *job, const int bf16, const bool vector_moves) {
  int64_t tap = 0;
  for (; tap + OUTER_TAPS <= job->taps; tap += OUTER_TAPS)
    NAME(outer_part)(job, tap, OUTER_TAPS, bf16, vector_moves);
  for (; tap + 3 <= job->taps; tap += 3) NAME(outer_part)(job, tap, 3, bf16, vector_moves);
  for (; tap < job->taps; tap++) NAME(outer_part)(job, tap, 1, bf16, vector_moves);
}

DN_INLINE void NAME(outer)(const dn_outer_rows *job, const int bf16) {
  if (job->vector_moves) NAME(outer_all)(job, bf16, true);
  else NAME(outer_all)(job, bf16, false);
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
