// What the checks share: random numbers, tensors made from plain arrays, comparisons.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "CKernels.h"
#include "CSupport.h"
#include "KernelChecks.h"

float *check_random(int64_t count, uint32_t seed);  // in -1 ..< 1; released with free
float *check_zeros(int64_t count);

// A tensor of the layout, filled from plain numbers; with NULL, zero all over.
void *check_tensor(const dn_layout *layout, const float *plain);
void check_release(const dn_layout *layout, void *tensor);

// Rounds to what a tensor of that storage can hold.
void check_round(float *values, int64_t count, dn_storage storage);

// Counts a case; it fails where some element differs from the expected one by more than
// `tolerance` times the largest expected one (or 1, if that is larger).
void check_close(
    dn_report *report, const char *what, const float *found, const float *expected,
    int64_t count, double tolerance);
void check_true(dn_report *report, const char *what, bool holds);

// Runs the body with each instruction set that the processor has.
void check_each_isa(void (*body)(void *), void *context);

// Whether halo and padding of the tensor are zero.
bool check_clean(const dn_layout *layout, const void *tensor);
