// Starting the readers' server, and ending it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "reader.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int server = -1;  // the socket
static pid_t process;

// The server's socket in the server itself, where everything behind it is closed.
enum { THERE = 3 };

static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int end) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int fault = posix_spawn_file_actions_init(actions);
  if (fault || (fault = posix_spawnattr_init(attributes))) return fault;
  posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
  // The C library reports damage to its memory there, which the user is told in other words.
  if (!DN_H5_SANITIZED) posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(actions, end, THERE);
  posix_spawn_file_actions_addclosefrom_np(actions, THERE + 1);
  posix_spawnattr_setsigmask(attributes, &none);
  posix_spawnattr_setsigdefault(attributes, &all);
  // A session of its own: keys at the terminal do not reach it.
  return posix_spawnattr_setflags(
      attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(int end, char **variables) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char number[16];
  snprintf(number, sizeof number, "%d", THERE);
  char *words[] = {DN_H5_SERVER_NAME, number, NULL};
  int fault = prepare(&actions, &attributes, end);
  if (fault == 0)
    fault = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, words, variables);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return fault;
}

// OpenBLAS, which is linked to the program, would start threads.
static int spawn_alone(int end) {
  static char alone[] = "OPENBLAS_NUM_THREADS=1";
  size_t count = 0;
  while (environ[count]) count++;
  char **variables = malloc((count + 2) * sizeof *variables);
  if (!variables) return ENOMEM;
  variables[0] = alone;
  memcpy(variables + 1, environ, (count + 1) * sizeof *variables);
  int fault = spawn(end, variables);
  free(variables);
  return fault;
}

static void forget(void) {
  if (server < 0) return;
  close(server);
  server = -1;
  // It ends at once when its socket is closed; a program that ends does not wait for long.
  for (int rounds = 0; rounds < 200 && waitpid(process, NULL, WNOHANG) == 0; rounds++) usleep(1000);
}

// Hears whether the server has what it needs.
static int greet(char *message) {
  dn_h5_hello hello;
  if (dn_h5_receive(server, &hello, sizeof hello) < 0) {
    snprintf(message, DN_H5_MESSAGE, "the process that reads them ended as it started");
    return DN_H5_NO_READER;
  }
  hello.message[DN_H5_MESSAGE - 1] = 0;
  snprintf(message, DN_H5_MESSAGE, "%s", hello.message);
  return hello.status < 0 ? DN_H5_NO_LIBRARY : 0;
}

// Starts the server and keeps its socket: 0, or the error's number.
static int start_process(void) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  // Above the place it takes there, so that it is surely copied.
  int end = fcntl(pair[1], F_DUPFD_CLOEXEC, THERE + 1);
  int fault = end < 0 ? errno : spawn_alone(end);
  if (end >= 0) close(end);
  close(pair[1]);
  if (fault) close(pair[0]);
  else server = pair[0];
  return fault;
}

static int start(char *message) {
  static int is_registered;
  int fault = start_process();
  if (fault) {
    snprintf(message, DN_H5_MESSAGE, "no process can be started to read them: %s", strerror(fault));
    return DN_H5_NO_READER;
  }
  if (!is_registered) atexit(forget);
  is_registered = 1;
  int status = greet(message);
  if (status < 0) forget();
  return status;
}

static int is_there(void) {
  struct pollfd end = {.fd = server};
  return server >= 0 && (poll(&end, 1, 0) <= 0 || !(end.revents & (POLLHUP | POLLERR)));
}

int dn_h5_has_server(void) {
  pthread_mutex_lock(&lock);
  int result = is_there();
  pthread_mutex_unlock(&lock);
  return result;
}

int dn_h5_hand_over(dn_h5_ends ends, char *message) {
  pthread_mutex_lock(&lock);
  if (!is_there()) forget();
  int status = server < 0 ? start(message) : 0;
  if (status == 0 && dn_h5_send_ends(server, ends) < 0) status = DN_H5_LOST;
  pthread_mutex_unlock(&lock);
  return status;
}
