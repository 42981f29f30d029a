// A fork-join pool: workers spin for a short while before they sleep, so that the many small
// kernels of a training step do not pay for waking.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "CSupport.h"

enum { MAX_THREADS = 256, SPINS = 20000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t callers = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
// The round in the upper bits, the next index to be taken in the lower ones: who takes an index
// takes it of the round it means, so a worker that comes late harms nobody and nobody waits for it.
static atomic_ullong ticket;
static atomic_llong completed;  // indices of this round that are done
static atomic_int sleepers;
static int wanted, workers;  // threads asked for; workers started
// The round's job. It stays until all its indices are done.
static atomic_llong job_count;
static atomic_int participants;  // workers that take part
static _Atomic(dn_body) job_body;
static _Atomic(void *) job_context;
static _Thread_local bool inside;
static _Thread_local int number;  // 0 for the caller, 1... for workers

enum { INDEX_BITS = 40 };
static const unsigned long long INDEX_MASK = (1ull << INDEX_BITS) - 1;

static inline void pause_core(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static unsigned long long current_round(void) {
  return atomic_load_explicit(&ticket, memory_order_acquire) >> INDEX_BITS;
}

// The next index of `round`, or -1 where none is left or the round is over.
static int64_t take(unsigned long long round) {
  unsigned long long seen = atomic_load_explicit(&ticket, memory_order_acquire);
  for (;;) {
    int64_t index = (int64_t)(seen & INDEX_MASK);
    if (seen >> INDEX_BITS != round || index >= atomic_load(&job_count)) return -1;
    if (atomic_compare_exchange_weak(&ticket, &seen, seen + 1)) return index;
  }
}

static void drain(unsigned long long round) {
  int64_t done = 0;
  for (int64_t index; (index = take(round)) >= 0; done++)
    atomic_load(&job_body)(atomic_load(&job_context), index);
  if (done) atomic_fetch_add_explicit(&completed, done, memory_order_release);
}

static void *work(void *argument) {
  int me = (int)(intptr_t)argument;
  unsigned long long seen = 0;
  inside = true;
  number = me + 1;
  for (;;) {
    int spins = 0;
    while (current_round() == seen) {
      if (++spins < SPINS) {
        pause_core();
      } else {
        pthread_mutex_lock(&lock);
        atomic_fetch_add(&sleepers, 1);
        while (current_round() == seen) pthread_cond_wait(&wake, &lock);
        atomic_fetch_sub(&sleepers, 1);
        pthread_mutex_unlock(&lock);
      }
    }
    seen = current_round();
    if (me < atomic_load(&participants)) drain(seen);
  }
  return NULL;
}

// Workers that `threads` need beside the caller; fewer where the system gives no more.
static void start_workers(int threads) {
  while (workers < threads - 1) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 8 << 20);
    int failed = pthread_create(&thread, &attributes, work, (void *)(intptr_t)workers);
    pthread_attr_destroy(&attributes);
    if (failed) return;
    workers++;
  }
}

int dn_cores(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

int dn_threads(void) {
  if (wanted == 0) wanted = dn_cores();
  return wanted;
}

int dn_thread(void) { return number; }

void dn_set_threads(int threads) {
  wanted = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
}

bool dn_keep_to_this_thread(bool keep) {
  bool before = inside;
  inside = keep;
  return before;
}

void dn_parallel(int64_t count, dn_body body, void *context) {
  int threads = dn_threads();
  if (count < threads) threads = (int)count;
  if (threads <= 1 || inside || (uint64_t)count > INDEX_MASK || pthread_mutex_trylock(&callers)) {
    for (int64_t index = 0; index < count; index++) body(context, index);
    return;
  }
  start_workers(threads);
  // Of the round before nothing is left, but a worker that woke late may still look for its next
  // index: while the job is replaced there is none.
  atomic_fetch_or(&ticket, INDEX_MASK);
  atomic_store(&job_count, count);
  atomic_store(&job_body, body);
  atomic_store(&job_context, context);
  atomic_store(&participants, threads - 1);
  atomic_store(&completed, 0);
  unsigned long long round = (current_round() + 1) & (~0ull >> INDEX_BITS);
  pthread_mutex_lock(&lock);
  atomic_store_explicit(&ticket, round << INDEX_BITS, memory_order_release);
  if (atomic_load(&sleepers)) pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
  inside = true;
  drain(round);
  inside = false;
  int spins = 0;
  while (atomic_load_explicit(&completed, memory_order_acquire) != count)
    if (++spins < SPINS) pause_core(); else sched_yield();
  pthread_mutex_unlock(&callers);
}
