#define _GNU_SOURCE
#include "CFuzzDriver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t));

static dn_fuzz_target target;

static int run_one(const uint8_t *bytes, size_t count) {
  target(bytes, count);
  return 0;
}

// libFuzzer's counters of the edges that were taken. Their pages are shared with the other processes
// of the program, which read HDF5 files, so that what is taken there counts too.
extern char __start___sancov_cntrs[], __stop___sancov_cntrs[];
static const char shared_name[] = "DN_FUZZ_COUNTERS";
enum { PAGE = 4096 };

static char *first_page(void) {
  return (char *)(((uintptr_t)__start___sancov_cntrs + PAGE - 1) / PAGE * PAGE);
}

static size_t whole_pages(void) {
  return (size_t)(__stop___sancov_cntrs - first_page()) / PAGE * PAGE;
}

static void map_counters(int memory) {
  mmap(
      first_page(), whole_pages(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory, 0);
}

static void share_counters(void) {
  char name[64];
  int memory = memfd_create(shared_name, MFD_CLOEXEC);
  if (memory < 0 || write(memory, first_page(), whole_pages()) != (ssize_t)whole_pages()) return;
  map_counters(memory);
  snprintf(name, sizeof name, "/proc/%d/fd/%d", getpid(), memory);
  setenv(shared_name, name, 1);
}

// In another process of the program, before it goes its own way.
__attribute__((constructor(200))) static void join_counters(void) {
  const char *name = getenv(shared_name);
  int memory = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
  if (memory < 0) return;
  map_counters(memory);
  close(memory);
}

int dn_fuzz_run(int count, char *const *arguments, dn_fuzz_target run) {
  target = run;
  share_counters();
  char **list = (char **)arguments;
  return LLVMFuzzerRunDriver(&count, &list, run_one);
}
