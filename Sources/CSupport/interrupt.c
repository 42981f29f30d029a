#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "CSupport.h"

static atomic_int pending;

static void on_interrupt(int signal) {
  (void)signal;
  atomic_fetch_add(&pending, 1);
}

void dn_interrupt_install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, NULL);
  // A file that grows beyond what the user may write is an error of that write, not the end.
  signal(SIGXFSZ, SIG_IGN);
}

// Raised for one thread alone.
static _Thread_local bool pending_here;

void dn_interrupt_raise(void) { atomic_fetch_add(&pending, 1); }
void dn_interrupt_raise_here(void) { pending_here = true; }
bool dn_interrupt_pending(void) {
  return pending_here || atomic_load_explicit(&pending, memory_order_relaxed) > 0;
}
void dn_interrupt_clear(void) {
  pending_here = false;
  atomic_store(&pending, 0);
}
