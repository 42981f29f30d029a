// Matrix registers (Intel AMX): 16 x 16 sums of products of bfloat16, 32 of them for each sum at
// once. What has no such products is as in AVX-512.
//
// Forward: a matrix of 16 neighbouring pixels by two taps of 16 channels is just memory read with a
// stride of one pixel, so nothing is rearranged; its products with 32 weights for each of 16 outputs
// are added to the sums of 16 pixels. Weight gradients: 16 channels by 32 pixels, transposed once
// for all taps, times 32 pixels by 16 outputs.
#if defined(__x86_64__)
#include <immintrin.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>
#pragma clang attribute push( \
    __attribute__((target( \
        "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16"))), \
    apply_to = function)
#include "kernel_table.h"
#include "vectors.h"

enum { PIXELS = 16, ROW_BYTES = 64 };

// The registers: 0 to 3 are sums (`rows` x 16), 4 and 5 take pixels (`rows` x 32, or 16 where one tap
// is taken at a time), 6 and 7 weights (as many x 16 outputs, in pairs).
typedef struct configuration {
  uint8_t palette, start_row, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
} configuration;

// Of this thread: rows * 2 + one tap at a time; 0 where the registers are not set up.
static _Thread_local int configured;

static void configure(int64_t rows, bool single) {
  int wanted = (int)rows * 2 + single;
  if (configured == wanted) return;
  _Alignas(64) configuration layout = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    layout.rows[t] = t < 6 ? (uint8_t)rows : (single ? 8 : 16);
    layout.bytes[t] = t == 4 || t == 5 ? (single ? 32 : ROW_BYTES) : ROW_BYTES;
  }
  _tile_loadconfig(&layout);
  configured = wanted;
}

static void enter(void) { configure(PIXELS, false); }

static void leave(void) {
  _tile_release();
  configured = 0;
}

// Sums of `tiles` times 16 pixels and `blocks` blocks of outputs.
DN_INLINE void start_sums(const float *sums, bool zero, const int tiles, const int blocks) {
  const int64_t row = blocks * ROW_BYTES;
  if (zero) {
    _tile_zero(0);
    if (blocks > 1) _tile_zero(1);
    if (tiles > 1) _tile_zero(2);
    if (tiles > 1 && blocks > 1) _tile_zero(3);
    return;
  }
  _tile_loadd(0, sums, row);
  if (blocks > 1) _tile_loadd(1, sums + 16, row);
  if (tiles > 1) _tile_loadd(2, sums + PIXELS * blocks * 16, row);
  if (tiles > 1 && blocks > 1) _tile_loadd(3, sums + PIXELS * blocks * 16 + 16, row);
}

DN_INLINE void end_sums(float *sums, const int tiles, const int blocks) {
  const int64_t row = blocks * ROW_BYTES;
  _tile_stored(0, sums, row);
  if (blocks > 1) _tile_stored(1, sums + 16, row);
  if (tiles > 1) _tile_stored(2, sums + PIXELS * blocks * 16, row);
  if (tiles > 1 && blocks > 1) _tile_stored(3, sums + PIXELS * blocks * 16 + 16, row);
}

DN_INLINE void multiply(
    const uint16_t *pixels, int64_t pixel, const uint16_t *weights, const int tiles,
    const int blocks) {
  _tile_loadd(6, weights, blocks * ROW_BYTES);
  if (blocks > 1) _tile_loadd(7, weights + 32, blocks * ROW_BYTES);
  _tile_loadd(4, pixels, pixel * 2);
  _tile_dpbf16ps(0, 4, 6);
  if (blocks > 1) _tile_dpbf16ps(1, 4, 7);
  if (tiles < 2) return;
  _tile_loadd(5, pixels + PIXELS * pixel, pixel * 2);
  _tile_dpbf16ps(2, 5, 6);
  if (blocks > 1) _tile_dpbf16ps(3, 5, 7);
}

// Two taps at a time, of all runs of two and three; or one at a time, of single taps and, where
// outputs are two pixels apart, of all.
DN_INLINE void add_runs(
    const dn_tile *job, int64_t at, const int64_t step, const bool single, const int tiles,
    const int blocks) {
  const int64_t pixel = step * DN_LANES, tap_size = DN_LANES * blocks * 16;
  const uint16_t *weights = job->weights;
  for (int64_t block = 0; block < job->blocks; block++) {
    const uint16_t *source =
        (const uint16_t *)job->source + block * job->block_stride + at * pixel;
    for (int64_t r = 0; r < job->run_count; r++) {
      const uint16_t *from = source + job->runs[r].offset;
      const int32_t length = job->runs[r].length;
      if (single) {
        for (int32_t tap = 0; tap < length && (step > 1 || length == 1); tap++)
          multiply(from + tap * pixel, pixel, weights + (tap + (tap == 2)) * tap_size, tiles, blocks);
      } else if (length > 1) {
        multiply(from, pixel, weights, tiles, blocks);
        if (length == 3) multiply(from + pixel, pixel, weights + 2 * tap_size, tiles, blocks);
      }
      weights += (length + (length == 3)) * tap_size;
    }
  }
}

DN_INLINE void add_row(
    const dn_tile *job, int64_t width, const int64_t step, const bool single, const int blocks) {
  configure(PIXELS, single);
  int64_t at = 0;
  for (; at + 2 * PIXELS <= width; at += 2 * PIXELS) {
    float *sums = job->sums + at * blocks * 16;
    start_sums(sums, job->first, 2, blocks);
    add_runs(job, at, step, single, 2, blocks);
    end_sums(sums, 2, blocks);
  }
  for (; at < width; at += PIXELS) {
    float *sums = job->sums + at * blocks * 16;
    configure(width - at < PIXELS ? width - at : PIXELS, single);
    start_sums(sums, job->first, 1, blocks);
    add_runs(job, at, step, single, 1, blocks);
    end_sums(sums, 1, blocks);
  }
}

static void matrix_row(const dn_tile *job, int64_t width, int64_t blocks, int64_t step) {
  bool singles = false, pairs = false;
  for (int64_t r = 0; r < job->run_count; r++)
    if (step > 1 || job->runs[r].length == 1) singles = true;
    else pairs = true;
  dn_tile rest = *job;
  if (pairs) {
    if (blocks > 1) add_row(job, width, 1, false, 2);
    else add_row(job, width, 1, false, 1);
    rest.first = false;
  }
  if (!singles) return;
  if (blocks > 1) add_row(&rest, width, step, true, 2);
  else add_row(&rest, width, step, true, 1);
}

// Two taps times two blocks of outputs at a time.
DN_INLINE void gradient_part(
    const dn_matrix_gradient *job, int64_t tap, int64_t block, const int taps, const int blocks) {
  float *weights = job->weights + block * job->weights_block + tap * 256;
  const uint16_t *inputs[2] = {
      job->inputs + job->shift[tap], job->inputs + job->shift[tap + taps - 1]};
  const uint32_t *gradients = job->gradients + block * job->block;
  const int64_t row = job->channel * 2;
  _tile_loadd(0, weights, ROW_BYTES);
  if (blocks > 1) _tile_loadd(1, weights + job->weights_block, ROW_BYTES);
  if (taps > 1) _tile_loadd(2, weights + 256, ROW_BYTES);
  if (taps > 1 && blocks > 1) _tile_loadd(3, weights + job->weights_block + 256, ROW_BYTES);
  for (int64_t at = 0; at < job->pixels; at += 32) {
    _tile_loadd(6, gradients + at * 8, ROW_BYTES);
    if (blocks > 1) _tile_loadd(7, gradients + job->block + at * 8, ROW_BYTES);
    _tile_loadd(4, inputs[0] + at, row);
    _tile_dpbf16ps(0, 4, 6);
    if (blocks > 1) _tile_dpbf16ps(1, 4, 7);
    if (taps < 2) continue;
    _tile_loadd(5, inputs[1] + at, row);
    _tile_dpbf16ps(2, 5, 6);
    if (blocks > 1) _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, weights, ROW_BYTES);
  if (blocks > 1) _tile_stored(1, weights + job->weights_block, ROW_BYTES);
  if (taps > 1) _tile_stored(2, weights + 256, ROW_BYTES);
  if (taps > 1 && blocks > 1) _tile_stored(3, weights + job->weights_block + 256, ROW_BYTES);
}

static void matrix_gradient(const dn_matrix_gradient *job) {
  configure(PIXELS, false);
  for (int64_t block = 0; block < job->blocks; block += 2)
    for (int64_t tap = 0; tap < job->taps; tap += 2) {
      bool two_taps = tap + 1 < job->taps, two_blocks = block + 1 < job->blocks;
      if (two_taps && two_blocks) gradient_part(job, tap, block, 2, 2);
      else if (two_taps) gradient_part(job, tap, block, 2, 1);
      else if (two_blocks) gradient_part(job, tap, block, 1, 2);
      else gradient_part(job, tap, block, 1, 1);
    }
}

// 32 pixels of 16 channels into 16 rows of 32: pairs of pixels are laid side by side, then 16 x 16
// pairs are transposed in registers.
DN_INLINE void transpose_32(const uint16_t *row, int64_t step, uint16_t *to, int64_t channel) {
  const __m512i interleave = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19,
      3, 18, 2, 17, 1, 16, 0);
  __m512i a[16], b[16];
  DN_UNROLL
  for (int i = 0; i < 16; i++) {
    const uint16_t *pixel = row + 2 * i * step;
    __m512i pair = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)pixel)),
        _mm256_loadu_si256((const __m256i *)(pixel + step)), 1);
    a[i] = _mm512_permutexvar_epi16(interleave, pair);
  }
  DN_UNROLL
  for (int i = 0; i < 16; i += 2) {
    b[i] = _mm512_unpacklo_epi32(a[i], a[i + 1]);
    b[i + 1] = _mm512_unpackhi_epi32(a[i], a[i + 1]);
  }
  DN_UNROLL
  for (int i = 0; i < 16; i += 4) {
    a[i] = _mm512_unpacklo_epi64(b[i], b[i + 2]);
    a[i + 1] = _mm512_unpackhi_epi64(b[i], b[i + 2]);
    a[i + 2] = _mm512_unpacklo_epi64(b[i + 1], b[i + 3]);
    a[i + 3] = _mm512_unpackhi_epi64(b[i + 1], b[i + 3]);
  }
  // a[4 * g + j] holds, for the pairs of group g, channels j, j + 4, j + 8, j + 12.
  DN_UNROLL
  for (int j = 0; j < 4; j++) {
    __m512i low = _mm512_shuffle_i32x4(a[j], a[4 + j], 0x88);
    __m512i high = _mm512_shuffle_i32x4(a[j], a[4 + j], 0xdd);
    __m512i low2 = _mm512_shuffle_i32x4(a[8 + j], a[12 + j], 0x88);
    __m512i high2 = _mm512_shuffle_i32x4(a[8 + j], a[12 + j], 0xdd);
    _mm512_storeu_si512(to + j * channel, _mm512_shuffle_i32x4(low, low2, 0x88));
    _mm512_storeu_si512(to + (j + 8) * channel, _mm512_shuffle_i32x4(low, low2, 0xdd));
    _mm512_storeu_si512(to + (j + 4) * channel, _mm512_shuffle_i32x4(high, high2, 0x88));
    _mm512_storeu_si512(to + (j + 12) * channel, _mm512_shuffle_i32x4(high, high2, 0xdd));
  }
}

static void transpose_row(
    const uint16_t *row, int64_t step, int64_t count, uint16_t *to, int64_t channel) {
  int64_t at = 0;
  for (; at + 32 <= count; at += 32) transpose_32(row + at * step, step, to + at, channel);
  for (; at < count; at++)
    for (int lane = 0; lane < DN_LANES; lane++) to[lane * channel + at] = row[at * step + lane];
}

static dn_kernels kernels;
static bool usable;

// The system lets a process use the registers only when it has asked for them.
static void prepare(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  __builtin_cpu_init();
  usable = __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
           syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
  kernels = dn_kernels_avx512_bf16;
  kernels.enter = enter;
  kernels.leave = leave;
  kernels.matrix_row = matrix_row;
  kernels.matrix_gradient = matrix_gradient;
  kernels.transpose_row = transpose_row;
}

const dn_kernels *dn_kernels_amx(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare);
  return usable ? &kernels : NULL;
}
#pragma clang attribute pop
#endif
