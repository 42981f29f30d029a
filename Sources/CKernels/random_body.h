// Philox on 16 counters at a time.

// The product of two numbers of 32 bits, high and low half.
DN_INLINE void NAME(wide_product)(uvec x, uint32_t factor, uvec *high, uvec *low) {
  typedef uint64_t wide __attribute__((ext_vector_type(8)));
  wide first = __builtin_convertvector(x.lo, wide) * (wide)(uint64_t)factor;
  wide second = __builtin_convertvector(x.hi, wide) * (wide)(uint64_t)factor;
  typedef uint32_t half __attribute__((ext_vector_type(8)));
  half first_high = __builtin_convertvector(first >> 32, half);
  half second_high = __builtin_convertvector(second >> 32, half);
  *high = __builtin_shufflevector(
      first_high, second_high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  *low = x * factor;
}

// Replaces 16 counters by their random numbers.
DN_INLINE void NAME(philox)(uvec c[4], uint64_t seed) {
  uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
  DN_UNROLL
  for (int round = 0; round < 10; round++) {
    uvec high0, low0, high1, low1;
    NAME(wide_product)(c[0], 0xD2511F53u, &high0, &low0);
    NAME(wide_product)(c[2], 0xCD9E8D57u, &high1, &low1);
    c[0] = high1 ^ c[1] ^ key0;
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ key1;
    c[3] = low0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

DN_INLINE uvec NAME(lane_numbers)(void) {
  return (uvec){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

DN_INLINE uint32_t NAME(threshold)(float probability) {
  double scaled = (double)probability * 4294967296.0;
  return scaled <= 0 ? 0 : scaled >= 4294967295.0 ? 0xffffffffu : (uint32_t)scaled;
}

// Four neighbouring pixels of a row: counter (lane + 16 * (x / 4), row, block, stream), word x % 4.
DN_INLINE void NAME(dropout_row)(
    const dn_row_job *job, int64_t at, int64_t row, int64_t block, const int bf16) {
  const uint32_t limit = NAME(threshold)(job->rate);
  const float kept = job->rate < 1 ? 1 / (1 - job->rate) : 0;
  const int64_t width = job->rows.layout.size[2];
  for (int64_t x = 0; x < width; x += 4) {
    uvec c[4] = {(uvec)((uint32_t)x * 4) + NAME(lane_numbers)(), (uvec)(uint32_t)row,
                 (uvec)(uint32_t)block, (uvec)job->stream};
    NAME(philox)(c, job->seed);
    DN_UNROLL
    for (int word = 0; word < 4; word++) {
      if (x + word >= width) break;
      int64_t place = at + (x + word) * 16;
      vec value = load_pixel(job->x, place, bf16) * kept;
      store_pixel(job->y, place, c[word] < (uvec)limit ? (vec)0 : value, bf16);
    }
  }
}
