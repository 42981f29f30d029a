// Philox4x32-10 (Salmon et al. 2011): random numbers as a function of a counter and a key, so that
// any of them can be drawn anywhere, in any order.
#pragma once
#include <stdint.h>

// Ten rounds; `output` takes four numbers of 32 bits.
void dn_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]);

// Element i of a stream of random numbers depends on (seed, stream, i) alone.
void dn_random_uniform(int64_t count, uint64_t seed, uint32_t stream, float *values);  // 0 ..< 1
// 1 with the given probability, else 0.
void dn_random_bernoulli(
    int64_t count, float probability, uint64_t seed, uint32_t stream, float *values);
