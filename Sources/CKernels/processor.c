#include "processor.h"

#include <stdlib.h>
#include <string.h>

#include "kernel_table.h"

static const dn_kernels *table(dn_isa isa) {
  switch (isa) {
    case DN_ISA_PORTABLE: return &dn_kernels_portable;
#if defined(__x86_64__)
    case DN_ISA_AVX2: return &dn_kernels_avx2;
    case DN_ISA_AVX512: return &dn_kernels_avx512;
    case DN_ISA_AVX512_BF16: return &dn_kernels_avx512_bf16;
    case DN_ISA_AMX: return dn_kernels_amx();
#endif
    default: return NULL;
  }
}

static bool has(dn_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (isa == DN_ISA_AVX2) return avx2;
  if (isa == DN_ISA_AVX512) return avx512;
  bool bf16 = avx512 && __builtin_cpu_supports("avx512bf16");
  if (isa == DN_ISA_AVX512_BF16) return bf16;
  if (isa == DN_ISA_AMX) return bf16 && dn_kernels_amx();
#endif
  return isa == DN_ISA_PORTABLE;
}

const char *dn_isa_name(dn_isa isa) {
  static const char *const names[] = {"portable", "avx2", "avx512", "avx512_bf16", "amx"};
  return isa >= DN_ISA_PORTABLE && isa <= DN_ISA_BEST ? names[isa] : "unknown";
}

static dn_isa best(void) {
  dn_isa isa = DN_ISA_BEST;
  const char *wish = getenv("DN_ISA");
  for (; wish && isa > DN_ISA_PORTABLE && strcmp(wish, dn_isa_name(isa)); isa--) {}
  if (wish && strcmp(wish, dn_isa_name(isa))) isa = DN_ISA_BEST;  // no such name
  for (; !has(isa); isa--) {}
  return isa;
}

// -1 until first asked for. Two threads that ask first find the same answer.
static _Atomic int chosen = -1;

// What this thread takes instead; -1 for what all take.
static _Thread_local int forced = -1;

dn_isa dn_kernels_isa(void) {
  if (forced >= 0) return (dn_isa)forced;
  if (chosen < 0) chosen = (int)best();
  return (dn_isa)chosen;
}

bool dn_kernels_force_isa(dn_isa isa) {
  if (!has(isa)) return false;
  forced = (int)isa;
  return true;
}

bool dn_kernels_have_bf16(void) { return dn_kernels_isa() >= DN_ISA_AVX512_BF16; }

const dn_kernels *dn_kernels_active(void) { return table(dn_kernels_isa()); }
