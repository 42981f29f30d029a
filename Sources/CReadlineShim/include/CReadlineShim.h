// GNU readline behind functions alone: its globals never reach Swift.
#pragma once
#include <stdbool.h>

// How the reading of a line ended.
typedef enum {
  DN_EDITOR_LINE,       // a line, which may hold line breaks that were pasted
  DN_EDITOR_END,        // Ctrl-D on an empty line, or the terminal went away
  DN_EDITOR_INTERRUPT,  // Ctrl-C: the line is dropped
} dn_editor_status;

// Where a completer puts what it finds.
typedef struct dn_candidates dn_candidates;

// Finds what could stand at the cursor. `text` is the line up to the cursor.
typedef void (*dn_completer)(void *context, const char *text, dn_candidates *found);

// The offset in bytes of the word that the candidates replace.
void dn_candidates_start(dn_candidates *found, int offset);
// Adds a whole word, and what it is in a line; empty where nothing is to be said.
void dn_candidates_add(dn_candidates *found, const char *word, const char *hint);

// Sets the editor up. Call once, before the first line is read.
// - use_stderr: the prompt and the echo go to standard error in the place of standard output.
// - plain: the terminal understands no control codes (TERM=dumb).
void dn_editor_start(dn_completer completer, void *context, bool use_stderr, bool plain);

// Reads a line with editing. The interrupt flag of CSupport ends it. On DN_EDITOR_LINE `*line`
// is to be released with `free`.
dn_editor_status dn_editor_read(const char *prompt, char **line);

// Adds a line to those that the arrow keys bring back; the oldest goes beyond `most`.
void dn_editor_remember(const char *line, int most);
