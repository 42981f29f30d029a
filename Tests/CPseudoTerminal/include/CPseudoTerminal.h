// Starts programs for tests: under a pseudo-terminal, or with files for its three streams.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

typedef struct {
  const char *path;
  char *const *arguments;    // from the program's name on, NULL behind the last
  char *const *environment;  // NAME=VALUE, NULL behind the last
  const char *folder;        // where it runs
} dn_start;

// Runs a program to its end, its three streams being files. Gives back its exit status, 128 + N
// where signal N ended it, or -1 where it could not be started or took longer than `seconds`.
int dn_run(
    const dn_start *start, const char *input, const char *output, const char *error, int seconds);

// Starts a program whose terminal is the one that is given back; -1 where there is none.
int dn_terminal_open(const dn_start *start, int columns, int rows, pid_t *process);

// Waits for output, and reads what there is. 0 at the end, -1 where nothing came in time.
ssize_t dn_terminal_read(int terminal, char *buffer, size_t size, int milliseconds);

bool dn_terminal_write(int terminal, const char *bytes, size_t count);
void dn_terminal_resize(int terminal, int columns, int rows);

// As `dn_run` gives it back; ends a process that is still there after `seconds`, and says -1.
int dn_wait(pid_t process, int seconds);
