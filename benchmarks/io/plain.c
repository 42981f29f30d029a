// Seconds that it takes to read a file into fresh memory, on one thread: the memory is asked for,
// filled by read() in pieces of 1 MB, and given back, as a program does that loads a file. Prints the
// time of each round.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double read_once(const char *path) {
  double start = now();
  struct stat status;
  int file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &status)) exit(1);
  size_t size = (size_t)status.st_size, filled = 0;
  char *memory = malloc(size);
  while (memory && filled < size) {
    size_t wanted = size - filled < 1 << 20 ? size - filled : 1 << 20;
    ssize_t got = read(file, memory + filled, wanted);
    if (got <= 0) exit(1);
    filled += (size_t)got;
  }
  close(file);
  free(memory);
  return now() - start;
}

int main(int count, char **arguments) {
  int rounds = count > 2 ? atoi(arguments[2]) : 0;
  if (rounds < 1) return fprintf(stderr, "usage: plain FILE ROUNDS\n"), 2;
  while (rounds-- > 0) printf("%.4f\n", read_once(arguments[1]));
  return 0;
}
