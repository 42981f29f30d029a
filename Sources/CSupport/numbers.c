// Numbers of files as single precision.
#include <string.h>

#include "CSupport.h"

static inline uint8_t swapped8(uint8_t raw) { return raw; }
static inline uint16_t swapped16(uint16_t raw) { return __builtin_bswap16(raw); }
static inline uint32_t swapped32(uint32_t raw) { return __builtin_bswap32(raw); }
static inline uint64_t swapped64(uint64_t raw) { return __builtin_bswap64(raw); }

static inline float from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline float from_double(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return (float)value;
}

static inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Half precision without branches, so that it goes in vectors. The smallest numbers, which have no
// leading one, become ordinary by the difference of two that have.
static inline float from_half(uint16_t half) {
  uint32_t body = half & 0x7fff, bits = (body << 13) + (112u << 23);
  uint32_t small = bits_of(from_bits((body << 13) + (113u << 23)) - from_bits(113u << 23));
  if (body < 0x400) bits = small;
  if (body >= 0x7c00) bits += 112u << 23;
  if (body > 0x7c00) bits |= 0x400000;
  return from_bits(bits | (uint32_t)(half & 0x8000) << 16);
}

// A loop for each order of bytes, each simple enough to be vectorised.
#define WIDEN(name, width, value)                                                             \
  static void name(const uint8_t *bytes, float *values, size_t count, bool swap) {            \
    uint##width##_t raw;                                                                      \
    if (swap) {                                                                               \
      for (size_t index = 0; index < count; index++) {                                        \
        memcpy(&raw, bytes + index * sizeof raw, sizeof raw);                                 \
        raw = swapped##width(raw);                                                            \
        values[index] = value;                                                                \
      }                                                                                       \
    } else {                                                                                  \
      for (size_t index = 0; index < count; index++) {                                        \
        memcpy(&raw, bytes + index * sizeof raw, sizeof raw);                                 \
        values[index] = value;                                                                \
      }                                                                                       \
    }                                                                                         \
  }

WIDEN(truth, 8, raw != 0)
WIDEN(unsigned8, 8, raw)
WIDEN(signed8, 8, (int8_t)raw)
WIDEN(unsigned16, 16, raw)
WIDEN(signed16, 16, (int16_t)raw)
WIDEN(unsigned32, 32, (float)raw)
WIDEN(signed32, 32, (float)(int32_t)raw)
WIDEN(unsigned64, 64, (float)raw)
WIDEN(signed64, 64, (float)(int64_t)raw)
WIDEN(float16, 16, from_half(raw))
#ifdef __x86_64__
__attribute__((target("avx2"))) WIDEN(float16_avx2, 16, from_half(raw))
#endif
WIDEN(bfloat16, 16, from_bits((uint32_t)raw << 16))
WIDEN(float32, 32, from_bits(raw))
WIDEN(float64, 64, from_double(raw))

void dn_widen(dn_number number, bool swap, const void *bytes, float *values, size_t count) {
  static void (*const kinds[])(const uint8_t *, float *, size_t, bool) = {
      [DN_BOOL] = truth,        [DN_UINT8] = unsigned8,   [DN_INT8] = signed8,
      [DN_UINT16] = unsigned16, [DN_INT16] = signed16,    [DN_UINT32] = unsigned32,
      [DN_INT32] = signed32,    [DN_UINT64] = unsigned64, [DN_INT64] = signed64,
      [DN_FLOAT16] = float16,   [DN_BFLOAT16] = bfloat16, [DN_FLOAT32] = float32,
      [DN_FLOAT64] = float64};
#ifdef __x86_64__
  if (number == DN_FLOAT16 && __builtin_cpu_supports("avx2"))
    return float16_avx2(bytes, values, count, swap);
#endif
  kinds[number](bytes, values, count, swap);
}
