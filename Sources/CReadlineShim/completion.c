#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "private.h"

struct dn_candidates {
  char **words;
  char **hints;  // as many; empty where nothing is to be said
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

void dn_candidates_add(dn_candidates *candidates, const char *word, const char *hint) {
  size_t room = sizeof(char *) * (size_t)(candidates->count + 1);
  char **words = realloc(candidates->words, room);
  if (words) candidates->words = words;
  char **hints = realloc(candidates->hints, room);
  if (hints) candidates->hints = hints;
  if (!words || !hints) return;
  char *copy = strdup(word), *said = strdup(hint);
  if (!copy || !said) {
    free(copy);
    free(said);
    return;
  }
  words[candidates->count] = copy;
  hints[candidates->count++] = said;
}

static void forget(void) {
  for (int i = 0; i < found.count; i++) {
    free(found.words[i]);
    free(found.hints[i]);
  }
  free(found.words);
  free(found.hints);
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

static const char *hint_on(const char *word) {
  for (int i = 0; i < found.count; i++)
    if (strcmp(found.words[i], word) == 0) return found.hints[i];
  return "";
}

// Writes at most `most` bytes of a text, whole letters of UTF-8.
static void put_cut(const char *text, int most) {
  int length = (int)strlen(text);
  if (length > most) {
    length = most > 0 ? most : 0;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
  }
  fwrite(text, 1, (size_t)length, rl_outstream);
}

// Matches with their hints one a line; without hints, as readline lists them. The first of `words`
// is what all have in common.
static void show_matches(char **words, int count, int longest) {
  bool has_hints = false;
  for (int i = 1; i <= count; i++) has_hints = has_hints || *hint_on(words[i]);
  if (!has_hints) {
    rl_display_match_list(words, count, longest);
  } else {
    int rows, columns;
    rl_get_screen_size(&rows, &columns);
    rl_crlf();
    for (int i = 1; i <= count; i++) {
      fprintf(rl_outstream, "%-*s  ", longest, words[i]);
      put_cut(hint_on(words[i]), columns - longest - 3);
      rl_crlf();
    }
  }
  rl_forced_update_display();
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
  rl_completion_display_matches_hook = show_matches;
  rl_basic_quote_characters = "";  // or readline would close quotes behind folders as well
}
