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

void dn_interrupt_raise(void) { atomic_fetch_add(&pending, 1); }
bool dn_interrupt_pending(void) { return atomic_load_explicit(&pending, memory_order_relaxed) > 0; }
void dn_interrupt_clear(void) { atomic_store(&pending, 0); }
