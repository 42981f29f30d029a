#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "private.h"

struct dn_candidates {
  char **words;
  int count;
  int start;
};

static dn_candidates found;
static dn_completer completer;
static void *completer_context;

// Everything that cannot be part of a name.
static const char name_breaks[] = " \t\n\"\\'`@$><=;|&{}()[],.+-*/:^!?%#~";
static char breaks[sizeof name_breaks];

void dn_candidates_start(dn_candidates *candidates, int offset) { candidates->start = offset; }

void dn_candidates_add(dn_candidates *candidates, const char *word) {
  char **words = realloc(candidates->words, sizeof *words * (size_t)(candidates->count + 1));
  if (!words) return;
  candidates->words = words;
  char *copy = strdup(word);
  if (copy) words[candidates->count++] = copy;
}

static void forget(void) {
  for (int i = 0; i < found.count; i++) free(found.words[i]);
  free(found.words);
  memset(&found, 0, sizeof found);
}

static char quote_before_word(void) {
  if (found.start <= 0 || found.start > rl_point) return 0;
  char before = rl_line_buffer[found.start - 1];
  return before == '"' || before == '\'' ? before : 0;
}

// Asks the completer, and has readline look for the beginning of the word where the completer saw
// it: after a quotation mark only that mark ends a word, so that file names may hold spaces.
static char *word_breaks(void) {
  forget();
  char *text = strndup(rl_line_buffer, (size_t)rl_point);
  if (text) {
    found.start = rl_point;
    completer(completer_context, text, &found);
    free(text);
  }
  char quote = quote_before_word();
  if (quote) {
    breaks[0] = quote;
    breaks[1] = 0;
  } else {
    memcpy(breaks, name_breaks, sizeof breaks);
  }
  return breaks;
}

static char *next_candidate(const char *text, int state) {
  static int next;
  if (state == 0) next = 0;
  while (next < found.count) {
    const char *word = found.words[next++];
    if (strncmp(word, text, strlen(text)) == 0) return strdup(word);
  }
  return NULL;
}

static char **matches(const char *text, int start, int end) {
  (void)start;
  (void)end;
  char quote = quote_before_word();
  rl_attempted_completion_over = 1;  // readline's own file names would come in the wrong places
  rl_filename_completion_desired = quote != 0;
  rl_completion_append_character = quote;
  return rl_completion_matches(text, next_candidate);
}

void dn_completion_install(dn_completer install, void *context) {
  completer = install;
  completer_context = context;
  rl_completion_word_break_hook = word_breaks;
  rl_attempted_completion_function = matches;
  rl_basic_quote_characters = "";  // or readline would close quotes behind folders as well
}
