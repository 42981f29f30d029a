#define _GNU_SOURCE  // ppoll
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "CSupport.h"
#include "private.h"

static char *finished_line;
static bool is_finished;
static volatile sig_atomic_t ended_by;   // SIGTERM or SIGHUP
static volatile sig_atomic_t continued;  // SIGCONT

static void on_end(int signal) { ended_by = signal; }
static void on_continue(int signal) {
  (void)signal;
  continued = 1;
}

static void on_line(char *line) {
  rl_callback_handler_remove();
  finished_line = line;
  is_finished = true;
}

void dn_editor_start(dn_completer completer, void *context, bool use_stderr, bool plain) {
  rl_readline_name = "dn";
  rl_catch_signals = 0;  // SIGINT must reach the flag that long work polls
  if (use_stderr) rl_outstream = stderr;
  // Before the user's inputrc is read, which has the last word.
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("blink-matching-paren", "off");
  if (plain) rl_variable_bind("enable-bracketed-paste", "off");
  using_history();
  dn_completion_install(completer, context);
}

// A line that was typed before moves to the end: of the newest ones each stands once.
static void forget_repetition(const char *line) {
  enum { NEWEST = 500 };
  for (int at = history_length - 1; at >= 0 && at >= history_length - NEWEST; at--) {
    HIST_ENTRY *entry = history_get(history_base + at);
    if (!entry || strcmp(entry->line, line) != 0) continue;
    free_history_entry(remove_history(at));
    return;
  }
}

void dn_editor_remember(const char *line, int most) {
  stifle_history(most);
  forget_repetition(line);
  add_history(line);
}

// Leaves the line on the screen as it was, with ^C behind it, and forgets it. The order matters:
// removing the handler first would print over the line.
static void drop_line(void) {
  if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH)) {
    rl_callback_sigcleanup();
    rl_clear_message();
  }
  rl_point = rl_end;
  rl_redisplay();
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
  rl_free_line_state();
  rl_callback_sigcleanup();
  rl_replace_line("", 0);
  rl_on_new_line();
  rl_callback_handler_remove();
}

// After a stop and `fg`: the shell has its own idea of the terminal's settings.
static void resume(void) {
  continued = 0;
  rl_deprep_terminal();
  rl_prep_terminal(1);
  rl_forced_update_display();
}

// Puts the terminal back in order before a signal ends the program as it would have.
static void end_by_signal(void) {
  int signal = ended_by;
  rl_callback_handler_remove();
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(signal, &action, NULL);
  raise(signal);
}

// Waits for a key with the signals of `open` let through, and hands it to readline.
static void step(const sigset_t *open) {
  struct pollfd input = {.fd = fileno(rl_instream ? rl_instream : stdin), .events = POLLIN};
  // Another thread may catch the signal, which then wakes nobody: hence the limit.
  struct timespec limit = {.tv_sec = 1};
  int ready = ppoll(&input, 1, &limit, open);
  if (ready > 0) {
    rl_callback_read_char();
  } else if (ready < 0 && errno == EINTR) {
    rl_check_signals();  // a new size of the window
  }
}

typedef struct {
  sigset_t mask;
  struct sigaction terminate, hangup, resume;
} saved_signals;

// Between keys the signals wait; `ppoll` lets them through.
static void take_signals(saved_signals *saved) {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &held, &saved->mask);
  struct sigaction end = {.sa_handler = on_end}, go_on = {.sa_handler = on_continue};
  sigaction(SIGTERM, &end, &saved->terminate);
  sigaction(SIGHUP, &end, &saved->hangup);
  sigaction(SIGCONT, &go_on, &saved->resume);
}

static void give_signals_back(const saved_signals *saved) {
  sigaction(SIGTERM, &saved->terminate, NULL);
  sigaction(SIGHUP, &saved->hangup, NULL);
  sigaction(SIGCONT, &saved->resume, NULL);
  pthread_sigmask(SIG_SETMASK, &saved->mask, NULL);
}

dn_editor_status dn_editor_read(const char *prompt, char **line) {
  saved_signals saved;
  is_finished = false;
  finished_line = NULL;
  *line = NULL;
  take_signals(&saved);
  rl_callback_handler_install(prompt, on_line);
  dn_editor_status status = DN_EDITOR_END;
  while (!is_finished) {
    if (dn_interrupt_pending()) {
      dn_interrupt_clear();
      drop_line();
      status = DN_EDITOR_INTERRUPT;
      break;
    }
    if (ended_by) {
      pthread_sigmask(SIG_SETMASK, &saved.mask, NULL);
      end_by_signal();
    }
    if (continued) resume();
    step(&saved.mask);
  }
  give_signals_back(&saved);
  if (is_finished && finished_line) {
    *line = finished_line;
    status = DN_EDITOR_LINE;
  }
  return status;
}
