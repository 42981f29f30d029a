// What a reader may use. A damaged file can send the library round in circles, or let it ask for any
// amount of memory; the limits end the process then.
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "reader.h"

// Microseconds of computing; a byte more takes one at most.
enum { START = 5000000 };
static const uint64_t MEMORY = 2ull << 30, LARGEST_CHUNK = 4ull << 30;

// The address space in use when the limits were set, and the memory that is shared since.
static uint64_t mapped, shared;

static uint64_t address_space(void) {
  unsigned long long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file) {
    if (fscanf(file, "%llu", &pages) != 1) pages = 0;
    fclose(file);
  }
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void limit_memory(uint64_t bytes) {
  struct rlimit limit;
  if (DN_H5_SANITIZED || mapped == 0 || getrlimit(RLIMIT_AS, &limit) < 0) return;
  const uint64_t most = mapped + shared + bytes;
  limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

void dn_h5_limit(void) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  mapped = address_space();
  limit_memory(MEMORY);
}

void dn_h5_allow_shared(uint64_t bytes) {
  shared = bytes;
  limit_memory(MEMORY);
}

void dn_h5_allow_memory(uint64_t chunk) {
  limit_memory(MEMORY + 4 * (chunk < LARGEST_CHUNK ? chunk : LARGEST_CHUNK));
}

static void set_time(uint64_t microseconds) {
  const struct timeval time = {(time_t)(microseconds / 1000000), (suseconds_t)(microseconds % 1000000)};
  setitimer(ITIMER_PROF, &(struct itimerval){.it_value = time}, NULL);
}

void dn_h5_begin_time(void) { set_time(START); }

void dn_h5_allow_time(uint64_t bytes) {
  struct itimerval left;
  getitimer(ITIMER_PROF, &left);
  set_time((uint64_t)left.it_value.tv_sec * 1000000 + (uint64_t)left.it_value.tv_usec + bytes);
}
