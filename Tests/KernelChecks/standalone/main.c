// The checks as a program, for sanitizers: see run.sh beside it.
#include <stdio.h>

#include "CKernels.h"
#include "KernelChecks.h"

static int show(const char *what, int isa, const dn_report *report) {
  printf("%-14s %-12s %d checks, %d failed\n%s", what, dn_isa_name((dn_isa)isa), report->cases,
         report->failures, report->text);
  return report->failures;
}

int main(void) {
  int failures = 0;
  for (int isa = DN_ISA_PORTABLE; isa <= DN_ISA_AVX512_BF16; isa++) {
    if (!dn_kernels_force_isa((dn_isa)isa)) continue;
    for (int bf16 = 0; bf16 < 2; bf16++) {
      dn_report report = {.cases = 0}, threads = {.cases = 0};
      dn_check_convolutions(bf16, &report);
      failures += show(bf16 ? "bfloat16" : "float32", isa, &report);
      dn_check_thread_counts(bf16, &threads);
      failures += show("threads", isa, &threads);
    }
  }
  return failures > 0;
}
