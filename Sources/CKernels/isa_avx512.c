// The kernels in AVX-512: 32 registers of 16 numbers.
#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "kernel_table.h"
#include "vectors.h"

#define NAME(name) name##_avx512
#define GROUP 2
#define TILE_1 4
#define TILE_2 3
#define GRADIENT_RUN 3
#define OUTER_TAPS 8
#include "dot_emulated.h"
#include "isa_bodies.h"
#pragma clang attribute pop
#endif
