// The readers' server: the program started anew under another name, which turns off before `main`. It
// loads the library once and splits off a reader for every file.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader.h"

static void greet(int program) {
  dn_h5_hello hello;
  memset(&hello, 0, sizeof hello);
  hello.status = dn_h5_load(hello.message);
  if (dn_h5_send(program, &hello, sizeof hello) < 0 || hello.status < 0) _exit(1);
}

// Tells that there will be no reader.
static void refuse(dn_h5_ends ends) {
  const dn_h5_reply reply = {DN_H5_NO_READER, 0};
  dn_h5_send(ends.socket, &reply, sizeof reply);
}

static void read_one(int program, pid_t server, dn_h5_ends ends) {
  close(program);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == server) dn_h5_answer(ends);
  _exit(0);
}

static void serve(int program) {
  prctl(PR_SET_NAME, DN_H5_SERVER_NAME);
  signal(SIGCHLD, SIG_IGN);
  greet(program);
  dn_h5_limit();
  if (chdir("/") < 0) _exit(1);
  const pid_t server = getpid();
  dn_h5_ends ends;
  while (dn_h5_receive_ends(program, &ends) == 0) {
    pid_t reader = fork();
    if (reader == 0) read_one(program, server, ends);
    if (reader < 0) refuse(ends);
    close(ends.socket);
    close(ends.memory);
  }
  // The program is gone: so are the readers, which are all in the server's own group.
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  while (wait(NULL) > 0) continue;
  _exit(0);
}

__attribute__((constructor)) static void serve_where_asked(int count, char **words, char **all) {
  (void)all;
  int type = 0;
  socklen_t size = sizeof type;
  if (count != 2 || strcmp(words[0], DN_H5_SERVER_NAME) != 0) return;
  const int program = atoi(words[1]);
  if (getsockopt(program, SOL_SOCKET, SO_TYPE, &type, &size) == 0) serve(program);
}
