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
static atomic_uint generation;
static atomic_llong next_index;
static atomic_int active;    // workers still in this round
static atomic_int sleepers;
static int wanted, workers;  // threads asked for; workers started
static int participants;     // workers that take part in this round
static int64_t job_count;
static dn_body job_body;
static void *job_context;
static _Thread_local bool inside;
static _Thread_local int number;  // 0 for the caller, 1... for workers

static inline void pause_core(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void drain(void) {
  for (;;) {
    int64_t index = atomic_fetch_add(&next_index, 1);
    if (index >= job_count) return;
    job_body(job_context, index);
  }
}

static void *work(void *argument) {
  int me = (int)(intptr_t)argument;
  unsigned seen = 0;
  inside = true;
  number = me + 1;
  for (;;) {
    int spins = 0;
    while (atomic_load_explicit(&generation, memory_order_acquire) == seen) {
      if (++spins < SPINS) {
        pause_core();
      } else {
        pthread_mutex_lock(&lock);
        atomic_fetch_add(&sleepers, 1);
        while (atomic_load(&generation) == seen) pthread_cond_wait(&wake, &lock);
        atomic_fetch_sub(&sleepers, 1);
        pthread_mutex_unlock(&lock);
      }
    }
    seen = atomic_load(&generation);
    if (me < participants) drain();
    atomic_fetch_sub_explicit(&active, 1, memory_order_release);
  }
  return NULL;
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

void dn_parallel(int64_t count, dn_body body, void *context) {
  int threads = dn_threads();
  if (count < threads) threads = (int)count;
  if (threads <= 1 || inside || pthread_mutex_trylock(&callers)) {
    for (int64_t index = 0; index < count; index++) body(context, index);
    return;
  }
  while (workers < threads - 1) {
    // A worker starts at generation 0 and must not count in rounds before its first: it is
    // created between rounds, and joins the next one because `seen` lags behind.
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 8 << 20);
    atomic_store(&active, 1);  // the newcomer runs one empty round if a round has been before
    job_count = 0;
    participants = 0;
    bool lagging = atomic_load(&generation) != 0;
    int failed = pthread_create(&thread, &attributes, work, (void *)(intptr_t)workers);
    pthread_attr_destroy(&attributes);
    if (failed) break;
    if (lagging)
      while (atomic_load_explicit(&active, memory_order_acquire) != 0) sched_yield();
    workers++;
  }
  job_count = count;
  job_body = body;
  job_context = context;
  participants = threads - 1;
  atomic_store(&next_index, 0);
  atomic_store(&active, workers);
  pthread_mutex_lock(&lock);
  atomic_fetch_add_explicit(&generation, 1, memory_order_release);
  if (atomic_load(&sleepers)) pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
  inside = true;
  drain();
  inside = false;
  int spins = 0;
  while (atomic_load_explicit(&active, memory_order_acquire) != 0)
    if (++spins < SPINS) pause_core(); else sched_yield();
  pthread_mutex_unlock(&callers);
}
