// The kernels in AVX-512 with bfloat16 products.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), \
    apply_to = function)
#include "kernel_table.h"
#include "vectors.h"

#define NAME(name) name##_avx512_bf16
#define GROUP 2
#define TILE_1 4
#define TILE_2 3
#define GRADIENT_RUN 3
#define OUTER_TAPS 8

DN_INLINE vec dn_dot(vec sum, uvec x, uvec y) {
  __m512 result = _mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
  return (vec)result;
}
#define DOT(sum, x, y) dn_dot(sum, x, y)
#include "isa_bodies.h"
#pragma clang attribute pop
#endif
