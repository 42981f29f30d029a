// Vectors of 16 numbers. The compiler maps them to whatever registers the target has; the files
// isa_*.c include the *_body.h files once for each instruction set.
#pragma once
#include <stdint.h>
#include <string.h>

#define DN_INLINE static inline __attribute__((always_inline, unused))
#define DN_UNROLL _Pragma("clang loop unroll(full)")

// Vectors stay inside functions that are inlined, so the warnings about calling conventions of
// wide vectors do not apply.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec __attribute__((ext_vector_type(16)));
typedef int32_t ivec __attribute__((ext_vector_type(16)));
typedef uint32_t uvec __attribute__((ext_vector_type(16)));
typedef uint16_t hvec __attribute__((ext_vector_type(16)));
typedef uint8_t bvec __attribute__((ext_vector_type(16)));

DN_INLINE vec load(const float *from) { return *(const vec *)from; }
DN_INLINE void store(float *to, vec value) { *(vec *)to = value; }

DN_INLINE vec load_unaligned(const float *from) {
  vec value;
  memcpy(&value, from, sizeof value);
  return value;
}

DN_INLINE void store_unaligned(float *to, vec value) { memcpy(to, &value, sizeof value); }

// The same bits read as another type.
DN_INLINE uvec bits_of(vec value) {
  uvec bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

DN_INLINE vec vec_of_bits(uvec bits) {
  vec value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

DN_INLINE vec from_bf16(hvec value) {
  return vec_of_bits(__builtin_convertvector(value, uvec) << 16);
}

// Rounds to nearest, ties to even; a NaN stays a NaN.
DN_INLINE hvec to_bf16(vec value) {
  uvec bits = bits_of(value);
  uvec rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  uvec quiet = (bits >> 16) | 0x40u;
  ivec nan = value != value;
  return __builtin_convertvector(nan ? quiet : rounded, hvec);
}

DN_INLINE vec load_bf16(const uint16_t *from) { return from_bf16(*(const hvec *)from); }
DN_INLINE void store_bf16(uint16_t *to, vec value) { *(hvec *)to = to_bf16(value); }

DN_INLINE float float_of_bf16(uint16_t value) {
  uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

DN_INLINE uint16_t bf16_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) return (uint16_t)(bits >> 16 | 0x40u);
  return (uint16_t)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

// A pixel of 16 channels in either storage; `bf16` is a constant wherever this is inlined.
DN_INLINE vec load_pixel(const void *base, int64_t at, int bf16) {
  return bf16 ? load_bf16((const uint16_t *)base + at) : load((const float *)base + at);
}

DN_INLINE void store_pixel(void *base, int64_t at, vec value, int bf16) {
  if (bf16) store_bf16((uint16_t *)base + at, value);
  else store((float *)base + at, value);
}

DN_INLINE float sum_of(vec v) {
  typedef float half __attribute__((ext_vector_type(8)));
  typedef float quarter __attribute__((ext_vector_type(4)));
  half h = v.lo + v.hi;
  quarter q = h.lo + h.hi;
  return (q.x + q.z) + (q.y + q.w);
}
