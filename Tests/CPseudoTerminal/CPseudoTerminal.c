#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// In the child: becomes the program, with the signals as a shell would hand them over.
static void become(const dn_start *start) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  if (chdir(start->folder) == 0) execve(start->path, start->arguments, start->environment);
  _exit(127);
}

static bool redirect(const char *path, int flags, int descriptor) {
  int file = open(path, flags, 0600);
  return file >= 0 && dup2(file, descriptor) >= 0 && (file == descriptor || close(file) == 0);
}

int dn_run(
    const dn_start *start, const char *input, const char *output, const char *error, int seconds) {
  pid_t process = fork();
  if (process < 0) return -1;
  if (process == 0) {
    int create = O_WRONLY | O_CREAT | O_TRUNC;
    if (redirect(input, O_RDONLY, 0) && redirect(output, create, 1) && redirect(error, create, 2)) {
      become(start);
    }
    _exit(127);
  }
  return dn_wait(process, seconds);
}

int dn_terminal_open(const dn_start *start, int columns, int rows, pid_t *process) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  int terminal = -1;
  *process = forkpty(&terminal, NULL, NULL, &size);
  if (*process == 0) become(start);
  if (*process < 0) return -1;
  fcntl(terminal, F_SETFD, FD_CLOEXEC);
  return terminal;
}

ssize_t dn_terminal_read(int terminal, char *buffer, size_t size, int milliseconds) {
  struct pollfd input = {.fd = terminal, .events = POLLIN};
  int ready = poll(&input, 1, milliseconds);
  if (ready <= 0) return -1;
  ssize_t count = read(terminal, buffer, size);
  // A terminal whose program has gone says EIO.
  return count < 0 ? (errno == EINTR ? -1 : 0) : count;
}

bool dn_terminal_write(int terminal, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(terminal, bytes, count);
    if (written < 0) return false;
    bytes += written;
    count -= (size_t)written;
  }
  return true;
}

void dn_terminal_resize(int terminal, int columns, int rows) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  ioctl(terminal, TIOCSWINSZ, &size);
}

int dn_wait(pid_t process, int seconds) {
  const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
  for (int turn = 0; turn < seconds * 100; turn++) {
    int status;
    pid_t ended = waitpid(process, &status, WNOHANG);
    if (ended == process) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (ended < 0 && errno != EINTR) return -1;
    nanosleep(&pause, NULL);
  }
  kill(process, SIGKILL);
  waitpid(process, NULL, 0);
  return -1;
}
