// The register tile of a convolution: PIXELS outputs in a row times BLOCKS blocks of 16 channels.
//
// Sums stay in registers through all taps. Within a run of taps each input is loaded once, spread
// over a vector, and multiplied with the weights of all the run's taps: output i and tap s meet
// at input i + s. That is 0.3 to 0.45 loads a multiplication, where one tap at a time needs 1
// with 16 output channels.
//
// Included by isa_*.c with NAME (adds the suffix), TILE_1 and TILE_2 (log2 of the largest tile for
// one and two blocks; TILE_2 undefined where registers are few), DOT (bfloat16 products).


DN_INLINE void NAME(run_float)(
    vec *sums, const float *source, const float *weights, const int pixels, const int blocks,
    const int length, const int lanes, const int step) {
#pragma clang loop unroll_count(2)
  for (int lane = 0; lane < lanes; lane++) {
    vec weight[DN_RUN * 2];
    DN_UNROLL
    for (int w = 0; w < length * blocks; w++)
      weight[w] = load(weights + (lane * length * blocks + w) * 16);
    DN_UNROLL
    for (int input = 0; input < pixels + length - 1; input++) {
      vec value = (vec)source[input * step * lanes + lane];
      DN_UNROLL
      for (int tap = 0; tap < length; tap++)
        if (input - tap >= 0 && input - tap < pixels) {
          DN_UNROLL
          for (int b = 0; b < blocks; b++)
            sums[(input - tap) * blocks + b] += value * weight[tap * blocks + b];
        }
    }
  }
}

DN_INLINE void NAME(run_half)(
    vec *sums, const uint16_t *source, const uint16_t *weights, const int pixels,
    const int blocks, const int length, const int step) {
#pragma clang loop unroll_count(2)
  for (int pair = 0; pair < 8; pair++) {
    uvec weight[DN_RUN * 2];
    DN_UNROLL
    for (int w = 0; w < length * blocks; w++)
      weight[w] = *(const uvec *)(weights + (pair * length * blocks + w) * 32);
    DN_UNROLL
    for (int input = 0; input < pixels + length - 1; input++) {
      uvec value = (uvec)((const uint32_t *)(source + input * step * 16))[pair];
      DN_UNROLL
      for (int tap = 0; tap < length; tap++)
        if (input - tap >= 0 && input - tap < pixels) {
          DN_UNROLL
          for (int b = 0; b < blocks; b++)
            sums[(input - tap) * blocks + b] =
                DOT(sums[(input - tap) * blocks + b], value, weight[tap * blocks + b]);
        }
    }
  }
}

DN_INLINE void NAME(run)(
    vec *sums, const void *source, const void *weights, const int pixels, const int blocks,
    const int length, const int kind, const int step) {
  if (kind == DN_BLOCKED_BF16)
    NAME(run_half)(sums, source, weights, pixels, blocks, length, step);
  else
    NAME(run_float)(
        sums, source, weights, pixels, blocks, length, kind == DN_PLANAR ? 1 : 16, step);
}

DN_INLINE void NAME(tile)(
    const dn_tile *job, const int kind, const int step, const int blocks, const int size_log) {
  const int pixels = 1 << size_log;
  const int element = kind == DN_BLOCKED_BF16 ? 2 : 4, lanes = kind == DN_PLANAR ? 1 : 16;
  vec sums[pixels * blocks];
  DN_UNROLL
  for (int i = 0; i < pixels * blocks; i++)
    sums[i] = job->first ? (vec)0 : load(job->sums + i * 16);
  const char *weights = job->weights;
  for (int64_t block = 0; block < job->blocks; block++) {
    const char *source = (const char *)job->source + block * job->block_stride * element;
    for (int64_t r = 0; r < job->run_count; r++) {
      const char *from = source + job->runs[r].offset * element;
      int length = job->runs[r].length;
      if (length == 3) NAME(run)(sums, from, weights, pixels, blocks, 3, kind, step);
      else if (length == 2) NAME(run)(sums, from, weights, pixels, blocks, 2, kind, step);
      else NAME(run)(sums, from, weights, pixels, blocks, 1, kind, step);
      weights += (int64_t)length * lanes * blocks * 16 * element;
    }
  }
  DN_UNROLL
  for (int i = 0; i < pixels * blocks; i++) store(job->sums + i * 16, sums[i]);
}

#define DN_TILE(kind, step, blocks, size) \
  static void NAME(tile_##kind##_##step##_##blocks##_##size)(const dn_tile *job) { \
    NAME(tile)(job, kind, step, blocks, size); \
  }
#define DN_TILES_1(kind, step) \
  DN_TILE(kind, step, 1, 0) DN_TILE(kind, step, 1, 1) DN_TILE(kind, step, 1, 2)
#define DN_NAME(kind, step, blocks, size) NAME(tile_##kind##_##step##_##blocks##_##size)
#if TILE_1 == 4
#define DN_TILES(kind, step) \
  DN_TILES_1(kind, step) DN_TILE(kind, step, 1, 3) DN_TILE(kind, step, 1, 4) \
  DN_TILE(kind, step, 2, 0) DN_TILE(kind, step, 2, 1) DN_TILE(kind, step, 2, 2) \
  DN_TILE(kind, step, 2, 3)
#define DN_TILE_NAMES(kind, step) \
  {{DN_NAME(kind, step, 1, 0), DN_NAME(kind, step, 1, 1), DN_NAME(kind, step, 1, 2), \
    DN_NAME(kind, step, 1, 3), DN_NAME(kind, step, 1, 4)}, \
   {DN_NAME(kind, step, 2, 0), DN_NAME(kind, step, 2, 1), DN_NAME(kind, step, 2, 2), \
    DN_NAME(kind, step, 2, 3)}}
#else
#define DN_TILES(kind, step) DN_TILES_1(kind, step)
#define DN_TILE_NAMES(kind, step) \
  {{DN_NAME(kind, step, 1, 0), DN_NAME(kind, step, 1, 1), DN_NAME(kind, step, 1, 2)}}
#endif

DN_TILES(0, 1)
DN_TILES(0, 2)
DN_TILES(1, 1)
DN_TILES(1, 2)
DN_TILES(2, 1)
DN_TILES(2, 2)

// One planar output: the lanes of a sum are the channels of the input, added up at the end. A
// planar source fills the lanes with neighbouring outputs instead.
DN_INLINE void NAME(few)(const dn_tile *job, const int kind, const int step, const int pixels) {
  const int bf16 = kind == DN_BLOCKED_BF16, element = bf16 ? 2 : 4;
  vec sums[pixels];
  DN_UNROLL
  for (int i = 0; i < pixels; i++) sums[i] = 0;
  const float *weights = job->weights;
  for (int64_t block = 0; block < job->blocks; block++)
    for (int64_t r = 0; r < job->run_count; r++)
      for (int32_t tap = 0; tap < job->runs[r].length; tap++, weights += 16) {
        const void *from = (const char *)job->source + (block * job->block_stride +
            job->runs[r].offset + tap * step * 16) * element;
        vec weight = load(weights);
        DN_UNROLL
        for (int i = 0; i < pixels; i++) sums[i] += load_pixel(from, i * step * 16, bf16) * weight;
      }
  DN_UNROLL
  for (int i = 0; i < pixels; i++)
    job->sums[i] = (job->first ? 0 : job->sums[i]) + sum_of(sums[i]);
}

DN_INLINE void NAME(few_planar)(const dn_tile *job, const int step, const int pixels) {
  float sums[16];
  DN_UNROLL
  for (int i = 0; i < pixels; i++) sums[i] = job->first ? 0 : job->sums[i];
  const float *weights = job->weights;
  for (int64_t block = 0; block < job->blocks; block++)
    for (int64_t r = 0; r < job->run_count; r++)
      for (int32_t tap = 0; tap < job->runs[r].length; tap++, weights++) {
        const float *from = (const float *)job->source + block * job->block_stride +
                            job->runs[r].offset + tap * step;
        DN_UNROLL
        for (int i = 0; i < pixels; i++) sums[i] += from[i * step] * weights[0];
      }
  DN_UNROLL
  for (int i = 0; i < pixels; i++) job->sums[i] = sums[i];
}

#define DN_FEW(name, kind, step, pixels) \
  static void NAME(name##_##kind##_##step)(const dn_tile *job) { \
    if (kind == DN_PLANAR) NAME(few_planar)(job, step, pixels); \
    else NAME(few)(job, kind, step, pixels); \
  }
DN_FEW(few, 0, 1, 16)
DN_FEW(few, 0, 2, 16)
DN_FEW(few, 1, 1, 16)
DN_FEW(few, 1, 2, 16)
DN_FEW(few, 2, 1, 16)
DN_FEW(few, 2, 2, 16)
DN_FEW(one, 0, 1, 1)
DN_FEW(one, 1, 1, 1)
DN_FEW(one, 2, 1, 1)
DN_FEW(one, 0, 2, 1)
DN_FEW(one, 1, 2, 1)
DN_FEW(one, 2, 2, 1)
