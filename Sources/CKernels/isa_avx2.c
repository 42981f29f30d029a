// The kernels in AVX2 and FMA: 16 registers of 8 numbers.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernel_table.h"
#include "vectors.h"

#define NAME(name) name##_avx2
#define GROUP 1
#define TILE_1 2
#define TILE_2 0
#define GRADIENT_RUN 1
#define OUTER_TAPS 6
#include "dot_emulated.h"
#include "isa_bodies.h"
#pragma clang attribute pop
#endif
