// What the engine needs of the machine: the interrupt flag, aligned memory, a thread pool.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The interrupt flag: set by the SIGINT handler, polled by long work.
void dn_interrupt_install(void);  // SIGINT bumps the flag (no SA_RESTART)
void dn_interrupt_raise(void);    // as SIGINT would
void dn_interrupt_raise_here(void);  // for the calling thread alone: for tests, which run together
bool dn_interrupt_pending(void);
void dn_interrupt_clear(void);

// Zeroed memory aligned to 64 bytes; large blocks ask for huge pages. NULL where there is none.
void *dn_allocate(size_t bytes);
void dn_release(void *memory, size_t bytes);
// Asks for huge pages under a block that nobody has touched yet; changes nothing else.
void dn_prefer_huge_pages(void *memory, size_t bytes);

// Bytes of memory: resident peak of this process, and what the machine has (container limit included).
uint64_t dn_peak_resident(void);
uint64_t dn_memory_available(void);

// A file in the folder that has no name yet, open for reading and writing; -1 where the file system
// has no such files. It is gone when it is closed, unless it was given a name through /proc.
int dn_open_unnamed(const char *folder);
// Gives it a name that is not taken: 0, or -1 with errno.
int dn_name(int descriptor, const char *path);
// Lets two names change places in one step: 0, or -1 where the file system cannot.
int dn_exchange(const char *left, const char *right);

// Threads. Bodies are called once for each index in 0..<count, in any order, on up to
// `dn_threads()` threads; the call returns when all are done. Results must not depend on which
// thread ran which index. Nested calls run on the calling thread.
typedef void (*dn_body)(void *context, int64_t index);
void dn_parallel(int64_t count, dn_body body, void *context);
int dn_threads(void);
int dn_thread(void);  // which thread of the pool is asking: 0..<dn_threads(), 0 outside the pool
void dn_set_threads(int threads);
int dn_cores(void);
// Whether what this thread calls from now on runs on it alone; tells what was set before.
bool dn_keep_to_this_thread(bool keep);

// How numbers lie in files.
typedef enum {
  DN_BOOL, DN_UINT8, DN_INT8, DN_UINT16, DN_INT16, DN_UINT32, DN_INT32, DN_UINT64, DN_INT64,
  DN_FLOAT16, DN_BFLOAT16, DN_FLOAT32, DN_FLOAT64
} dn_number;
// `count` numbers, aligned or not, as single precision, rounded to the nearest; `swap` where their
// bytes lie in the other order than the machine's.
void dn_widen(dn_number number, bool swap, const void *bytes, float *values, size_t count);
