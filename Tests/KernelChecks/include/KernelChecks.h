// Checks of the kernels against plain loops in double precision, with every instruction set that
// the processor has. Each function adds to the counts of the report and describes the first
// failures in its text.
#pragma once
#include <stddef.h>

typedef struct dn_report {
  char text[2048];
  int cases, failures;
} dn_report;

// Convolutions, their input and weight gradients, `bf16` or float32, over a grid of shapes.
void dn_check_convolutions(int bf16, dn_report *report);

// The same bytes for 1, 2 and 3 threads.
void dn_check_thread_counts(int bf16, dn_report *report);

// Pooling, upsampling, activation, normalisation and dropout against plain loops.
void dn_check_pointwise(int bf16, dn_report *report);

// Optimisers against their formulas in double precision; random numbers against the published
// test vectors of Philox.
void dn_check_optimisers(dn_report *report);
void dn_check_random(dn_report *report);

// Impossible shapes are refused with a reason.
void dn_check_refusals(dn_report *report);
