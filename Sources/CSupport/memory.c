#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "CSupport.h"

enum { HUGE_BLOCK = 4 << 20 };

// Large blocks come straight from the system (zeroed, page aligned, huge pages where granted),
// so that releasing them gives the memory back at once.
void *dn_allocate(size_t bytes) {
  if (bytes == 0) bytes = 64;
  if (bytes < HUGE_BLOCK) {
    size_t rounded = (bytes + 63) / 64 * 64;
    void *memory = aligned_alloc(64, rounded);
    if (memory) __builtin_memset(memory, 0, rounded);
    return memory;
  }
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

void dn_prefer_huge_pages(void *memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (bytes < HUGE_BLOCK) return;
  // Only whole pages of the block may be advised upon.
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)memory;
  uintptr_t first = (start + page - 1) / page * page, end = (start + bytes) / page * page;
  if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
#endif
}

void dn_release(void *memory, size_t bytes) {
  if (!memory) return;
  if (bytes < HUGE_BLOCK) free(memory);
  else munmap(memory, bytes);
}

uint64_t dn_peak_resident(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? 0 : (uint64_t)usage.ru_maxrss * 1024;
}

uint64_t dn_memory_available(void) {
  uint64_t available = 0;
  FILE *info = fopen("/proc/meminfo", "r");
  if (info) {
    char line[256];
    unsigned long long kilobytes;
    while (fgets(line, sizeof line, info))
      if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1) available = kilobytes * 1024;
    fclose(info);
  }
  FILE *limit = fopen("/sys/fs/cgroup/memory.max", "r");
  if (limit) {
    unsigned long long bytes;
    if (fscanf(limit, "%llu", &bytes) == 1 && (available == 0 || bytes < available))
      available = bytes;
    fclose(limit);
  }
  return available;
}
