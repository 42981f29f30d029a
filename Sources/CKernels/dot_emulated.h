// Products of pairs of bfloat16 in float32, where the processor has no instruction for it.
#pragma once
#include "vectors.h"

// sum + x.low * y.low + x.high * y.high in each lane.
DN_INLINE vec dn_dot_emulated(vec sum, uvec x, uvec y) {
  sum += vec_of_bits(x << 16) * vec_of_bits(y << 16);
  sum += vec_of_bits(x & 0xffff0000u) * vec_of_bits(y & 0xffff0000u);
  return sum;
}
#define DOT(sum, x, y) dn_dot_emulated(sum, x, y)
