// Philox4x32-10 (Salmon et al. 2011): random numbers as a function of a counter and a key, so that
// any of them can be drawn anywhere, in any order.
#pragma once
#include <stdint.h>

// Ten rounds; `output` takes four numbers of 32 bits.
static inline void dn_philox(
    const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t key0 = key[0], key1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t product0 = (uint64_t)0xD2511F53u * c0, product1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(product1 >> 32) ^ c1 ^ key0;
    c1 = (uint32_t)product1;
    c2 = (uint32_t)(product0 >> 32) ^ c3 ^ key1;
    c3 = (uint32_t)product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  output[0] = c0, output[1] = c1, output[2] = c2, output[3] = c3;
}
