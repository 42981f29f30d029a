// The checks as a program, for sanitizers: see run.sh beside it.
#include <stdio.h>

#include "CKernels.h"
#include "KernelChecks.h"

static int show(const char *what, const dn_report *report) {
  printf("%-24s %5d checks, %d failed\n%s", what, report->cases, report->failures, report->text);
  return report->failures;
}

int main(void) {
  int failures = 0;
  for (int bf16 = 0; bf16 < 2; bf16++) {
    dn_report report = {.cases = 0}, threads = {.cases = 0};
    dn_check_convolutions(bf16, &report);
    failures += show(bf16 ? "convolutions, bfloat16" : "convolutions, float32", &report);
    dn_report pointwise = {.cases = 0};
    dn_check_pointwise(bf16, &pointwise);
    failures += show(bf16 ? "pointwise, bfloat16" : "pointwise, float32", &pointwise);
    dn_check_thread_counts(bf16, &threads);
    failures += show(bf16 ? "threads, bfloat16" : "threads, float32", &threads);
  }
  dn_report others[3] = {{.cases = 0}};
  dn_check_optimisers(&others[0]);
  dn_check_random(&others[1]);
  dn_check_refusals(&others[2]);
  failures += show("optimisers", &others[0]) + show("random numbers", &others[1]);
  failures += show("refusals", &others[2]);
  return failures > 0;
}
