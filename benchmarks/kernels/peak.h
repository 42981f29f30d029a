// The most multiplications and additions that this machine does in a second, on `dn_threads()`
// threads: independent products in registers, nothing read from memory.
#pragma once
#include <stdbool.h>

// GFLOP/s, median of several short runs; bfloat16 products where `bf16` and the processor has them.
double measure_peak(bool bf16);
