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

// Each loop twice where the processor may have wider vectors than the compiler's target.
#ifdef __x86_64__
#define KIND(name, width, value) \
  WIDEN(name, width, value)      \
  __attribute__((target("avx2"))) WIDEN(name##_avx2, width, value)
#else
#define KIND(name, width, value) WIDEN(name, width, value)
#endif

KIND(truth, 8, raw != 0)
KIND(unsigned8, 8, raw)
KIND(signed8, 8, (int8_t)raw)
KIND(unsigned16, 16, raw)
KIND(signed16, 16, (int16_t)raw)
KIND(unsigned32, 32, (float)raw)
KIND(signed32, 32, (float)(int32_t)raw)
KIND(unsigned64, 64, (float)raw)
KIND(signed64, 64, (float)(int64_t)raw)
KIND(float16, 16, from_half(raw))
KIND(bfloat16, 16, from_bits((uint32_t)raw << 16))
KIND(float32, 32, from_bits(raw))
KIND(float64, 64, from_double(raw))

typedef void (*widening)(const uint8_t *, float *, size_t, bool);
#define TABLE(suffix)                                                                      \
  {[DN_BOOL] = truth##suffix,         [DN_UINT8] = unsigned8##suffix,                       \
   [DN_INT8] = signed8##suffix,       [DN_UINT16] = unsigned16##suffix,                     \
   [DN_INT16] = signed16##suffix,     [DN_UINT32] = unsigned32##suffix,                     \
   [DN_INT32] = signed32##suffix,     [DN_UINT64] = unsigned64##suffix,                     \
   [DN_INT64] = signed64##suffix,     [DN_FLOAT16] = float16##suffix,                       \
   [DN_BFLOAT16] = bfloat16##suffix,  [DN_FLOAT32] = float32##suffix,                       \
   [DN_FLOAT64] = float64##suffix}

void dn_widen(dn_number number, bool swap, const void *bytes, float *values, size_t count) {
  static const widening plain[] = TABLE();
#ifdef __x86_64__
  static const widening wide[] = TABLE(_avx2);
  if (__builtin_cpu_supports("avx2")) return wide[number](bytes, values, count, swap);
#endif
  plain[number](bytes, values, count, swap);
}
