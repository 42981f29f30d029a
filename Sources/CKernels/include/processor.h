// Which instructions the kernels use.
#pragma once
#include <stdbool.h>

typedef enum dn_isa {
  DN_ISA_PORTABLE = 0,  // whatever the compiler's target has at least
  DN_ISA_AVX2 = 1,      // AVX2 and FMA
  DN_ISA_AVX512 = 2,    // AVX-512 F, BW, DQ, VL
  DN_ISA_AVX512_BF16 = 3,
  DN_ISA_AMX = 4,  // these and matrix registers
  DN_ISA_BEST = DN_ISA_AMX,
} dn_isa;

// The instructions in use: the best that the processor has, unless forced.
dn_isa dn_kernels_isa(void);
const char *dn_isa_name(dn_isa isa);

// Takes other instructions for what this thread calls from now on, for tests and comparisons;
// false where the processor lacks them. Plans made before keep theirs. The environment variable
// DN_ISA (portable, avx2, avx512, avx512_bf16, amx) does the same for all threads at the first use.
bool dn_kernels_force_isa(dn_isa isa);

// Whether bfloat16 products are computed by the processor; otherwise they are emulated (slow).
bool dn_kernels_have_bf16(void);
