// Checks of the kernels against plain loops in double precision. Each function runs its cases with
// the instructions and threads now set, and returns the number of cases that failed; the first few
// failures are described in `report` (a string of at most `size` bytes).
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
