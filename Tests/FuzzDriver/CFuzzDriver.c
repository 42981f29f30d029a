#include "CFuzzDriver.h"

extern int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t));

static dn_fuzz_target target;

static int run_one(const uint8_t *bytes, size_t count) {
  target(bytes, count);
  return 0;
}

int dn_fuzz_run(int count, char *const *arguments, dn_fuzz_target run) {
  target = run;
  char **list = (char **)arguments;
  return LLVMFuzzerRunDriver(&count, &list, run_one);
}
