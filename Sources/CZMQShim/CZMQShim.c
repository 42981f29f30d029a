#include "CZMQShim.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library's binary interface (libzmq 4, zmq.h), which its soname 5 promises to keep; declared
// here so that building needs no headers of it.
typedef struct {
  unsigned char opaque[64];
} __attribute__((aligned(8))) message;
typedef struct {
  void *socket;
  int file;
  short events, ready;
} poll_item;
enum { HAS_INPUT = 1, SEND_MORE = 2, RECEIVE_MORE = 13, LINGER = 17, REP = 4 };

static struct {
  void *(*zmq_ctx_new)(void);
  int (*zmq_ctx_term)(void *);
  void *(*zmq_socket)(void *, int);
  int (*zmq_close)(void *);
  int (*zmq_bind)(void *, const char *);
  int (*zmq_setsockopt)(void *, int, const void *, size_t);
  int (*zmq_getsockopt)(void *, int, void *, size_t *);
  int (*zmq_poll)(poll_item *, int, long);
  int (*zmq_send)(void *, const void *, size_t, int);
  int (*zmq_msg_init)(message *);
  int (*zmq_msg_recv)(message *, void *, int);
  void *(*zmq_msg_data)(message *);
  size_t (*zmq_msg_size)(const message *);
  int (*zmq_msg_close)(message *);
} library;

static char failure[256];
static void *context;
static pthread_once_t once = PTHREAD_ONCE_INIT;

enum { MOST_SOCKETS = 8 };
static void *opened[MOST_SOCKETS];
static int opened_count;

static void load(void) {
  void *handle = dlopen("libzmq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *said = dlerror();
    snprintf(failure, sizeof failure, "%s", said ? said : "libzmq.so.5 cannot be opened");
    return;
  }
#define LOAD(name)                                                         \
  library.name = (__typeof__(library.name))dlsym(handle, #name);           \
  if (!library.name && !failure[0])                                        \
    snprintf(failure, sizeof failure, "libzmq.so.5 has no function " #name);
  LOAD(zmq_ctx_new)
  LOAD(zmq_ctx_term)
  LOAD(zmq_socket)
  LOAD(zmq_close)
  LOAD(zmq_bind)
  LOAD(zmq_setsockopt)
  LOAD(zmq_getsockopt)
  LOAD(zmq_poll)
  LOAD(zmq_send)
  LOAD(zmq_msg_init)
  LOAD(zmq_msg_recv)
  LOAD(zmq_msg_data)
  LOAD(zmq_msg_size)
  LOAD(zmq_msg_close)
#undef LOAD
  if (failure[0]) return;
  // Its threads must not take the interrupts that are meant for the work.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  context = library.zmq_ctx_new();
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!context) snprintf(failure, sizeof failure, "libzmq gives no context");
}

const char *dn_zmq_library_error(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

static void *bound(int kind, const char *address) {
  if (dn_zmq_library_error()) return NULL;
  // The library starts its threads with the first socket.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  void *socket = library.zmq_socket(context, kind);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!socket) return NULL;
  int linger = 1000;
  library.zmq_setsockopt(socket, LINGER, &linger, sizeof linger);
  if (library.zmq_bind(socket, address) == 0) return socket;
  library.zmq_close(socket);
  return NULL;
}

dn_zmq_socket *dn_zmq_bind(dn_zmq_kind kind, const char *address) {
  if (opened_count == MOST_SOCKETS) return NULL;
  void *socket = bound((int)kind, address);
  if (socket) opened[opened_count++] = socket;
  return (dn_zmq_socket *)socket;
}

static void *echo(void *socket) {
  for (;;) {
    message part;
    library.zmq_msg_init(&part);
    if (library.zmq_msg_recv(&part, socket, 0) < 0) {
      library.zmq_msg_close(&part);
      if (errno == EINTR) continue;
      break;
    }
    int more = 0;
    size_t size = sizeof more;
    library.zmq_getsockopt(socket, RECEIVE_MORE, &more, &size);
    library.zmq_send(
        socket, library.zmq_msg_data(&part), library.zmq_msg_size(&part), more ? SEND_MORE : 0);
    library.zmq_msg_close(&part);
  }
  library.zmq_close(socket);
  return NULL;
}

int dn_zmq_echo(const char *address) {
  void *socket = bound(REP, address);
  if (!socket) return -1;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pthread_t thread;
  int failed = pthread_create(&thread, NULL, echo, socket);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed) return -1;
  pthread_detach(thread);
  return 0;
}

int dn_zmq_wait(dn_zmq_socket *const *sockets, int count, long milliseconds) {
  poll_item items[MOST_SOCKETS];
  if (count > MOST_SOCKETS) count = MOST_SOCKETS;
  for (int i = 0; i < count; i++)
    items[i] = (poll_item){.socket = (void *)sockets[i], .events = HAS_INPUT};
  if (library.zmq_poll(items, count, milliseconds) <= 0) return 0;
  int ready = 0;
  for (int i = 0; i < count; i++)
    if (items[i].ready & HAS_INPUT) ready |= 1 << i;
  return ready;
}

int dn_zmq_receive(dn_zmq_socket *socket, uint8_t **bytes, size_t *count, int *more) {
  message part;
  library.zmq_msg_init(&part);
  int received;
  do received = library.zmq_msg_recv(&part, socket, 0);
  while (received < 0 && errno == EINTR);
  if (received < 0) return -1;
  *count = library.zmq_msg_size(&part);
  *bytes = malloc(*count ? *count : 1);
  if (*bytes) memcpy(*bytes, library.zmq_msg_data(&part), *count);
  library.zmq_msg_close(&part);
  size_t size = sizeof *more;
  library.zmq_getsockopt(socket, RECEIVE_MORE, more, &size);
  return *bytes ? 0 : -1;
}

void dn_zmq_release(uint8_t *bytes) { free(bytes); }

int dn_zmq_send(dn_zmq_socket *socket, const uint8_t *bytes, size_t count, int more) {
  int sent;
  do sent = library.zmq_send(socket, bytes, count, more ? SEND_MORE : 0);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -1 : 0;
}

void dn_zmq_finish(void) {
  for (int i = 0; i < opened_count; i++) library.zmq_close(opened[i]);
  opened_count = 0;
  if (context) library.zmq_ctx_term(context);
  context = NULL;
}
