#define _GNU_SOURCE
#include "peak.h"

#include <stdlib.h>
#include <time.h>

#include "CKernels.h"
#include "CSupport.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { CHAINS = 24, REPEATS = 9, TURNS = 1000000 };


#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void float_512(float *kept) {
  __m512 sum[CHAINS], x = _mm512_set1_ps(1e-3f), y = _mm512_set1_ps(kept[0]);
  for (int i = 0; i < CHAINS; i++) sum[i] = _mm512_set1_ps((float)i);
  for (long turn = 0; turn < TURNS; turn++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) sum[i] = _mm512_fmadd_ps(x, y, sum[i]);
    __asm__ volatile("" : "+v"(x), "+v"(y));
  }
  for (int i = 0; i < CHAINS; i++) kept[i] = _mm512_reduce_add_ps(sum[i]);
}

__attribute__((target("avx512f,avx512bf16"))) static void half_512(float *kept) {
  __m512 sum[CHAINS];
  __m512i x = _mm512_set1_epi32(0x3c003c00), y = _mm512_set1_epi32((int)kept[0] + 0x3c003c00);
  for (int i = 0; i < CHAINS; i++) sum[i] = _mm512_set1_ps((float)i);
  for (long turn = 0; turn < TURNS; turn++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) sum[i] = _mm512_dpbf16_ps(sum[i], (__m512bh)x, (__m512bh)y);
    __asm__ volatile("" : "+v"(x), "+v"(y));
  }
  for (int i = 0; i < CHAINS; i++) kept[i] = _mm512_reduce_add_ps(sum[i]);
}

enum { TILE_OPERATIONS = 4 * 2 * 16 * 16 * 32 };

__attribute__((target("amx-tile,amx-bf16"))) static void half_tiles(float *kept) {
  struct { uint8_t palette, rest[15]; uint16_t bytes[16]; uint8_t rows[16]; } layout = {1};
  for (int t = 0; t < 6; t++) layout.bytes[t] = 64, layout.rows[t] = 16;
  _tile_loadconfig(&layout);
  for (long turn = 0; turn < TURNS; turn++) {
    _tile_dpbf16ps(0, 4, 5);
    _tile_dpbf16ps(1, 4, 5);
    _tile_dpbf16ps(2, 4, 5);
    _tile_dpbf16ps(3, 4, 5);
  }
  float sums[256];
  _tile_stored(0, sums, 64);
  _tile_release();
  kept[0] = sums[0];
}

__attribute__((target("avx2,fma"))) static void float_256(float *kept) {
  __m256 sum[12], x = _mm256_set1_ps(1e-3f), y = _mm256_set1_ps(kept[0]);
  for (int i = 0; i < 12; i++) sum[i] = _mm256_set1_ps((float)i);
  for (long turn = 0; turn < TURNS; turn++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) sum[i] = _mm256_fmadd_ps(x, y, sum[i]);
    __asm__ volatile("" : "+v"(x), "+v"(y));
  }
  for (int i = 0; i < 12; i++) kept[i] = _mm256_cvtss_f32(sum[i]);
}
#endif

typedef float quad __attribute__((ext_vector_type(4)));
static void float_128(float *kept) {
  quad sum[12], x = (quad)1e-3f, y = (quad)kept[0];
  for (int i = 0; i < 12; i++) sum[i] = (quad)(float)i;
  for (long turn = 0; turn < TURNS; turn++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) sum[i] += x * y;
#if defined(__x86_64__)
    __asm__ volatile("" : "+x"(x), "+x"(y));
#else
    __asm__ volatile("" : "+w"(x), "+w"(y));
#endif
  }
  for (int i = 0; i < 12; i++) kept[i] = sum[i].x;
}

typedef struct loop {
  void (*run)(float *);
  double operations;  // of one turn
} loop;

static loop choose(bool bf16) {
#if defined(__x86_64__)
  dn_isa isa = dn_kernels_isa();
  if (bf16 && isa == DN_ISA_AMX) return (loop){half_tiles, TILE_OPERATIONS};
  if (bf16 && isa == DN_ISA_AVX512_BF16) return (loop){half_512, CHAINS * 64};
  if (isa >= DN_ISA_AVX512) return (loop){float_512, CHAINS * 32};
  if (isa == DN_ISA_AVX2) return (loop){float_256, 12 * 16};
#endif
  (void)bf16;
  return (loop){float_128, 12 * 8};
}

static void run_one(void *context, int64_t index) {
  (void)index;
  float kept[64] = {0.5f};
  (*(const loop *)context).run(kept);
  __asm__ volatile("" : : "r"(kept) : "memory");
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double measure_peak(bool bf16) {
  loop chosen = choose(bf16);
  int threads = dn_threads();
  double rate[REPEATS];
  for (int i = 0; i < REPEATS; i++) {
    double start = now();
    dn_parallel(threads, run_one, &chosen);
    rate[i] = chosen.operations * TURNS * threads / (now() - start) * 1e-9;
  }
  qsort(rate, REPEATS, sizeof *rate, ascending);
  return rate[REPEATS / 2];
}
