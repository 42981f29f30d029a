// Reading files: what is asked of their readers.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CSupport.h"
#include "boxes.h"
#include "client.h"
#include "messages.h"

// Memory for the boxes that a reader fills, of which two are under way at any time. Small ones stay in
// the processor's caches.
enum { USUAL_BOX = 4 << 20, LARGEST_BOX = 1 << 30, MOST_PATHS = 16 << 20 };

struct dn_h5_file {
  pthread_mutex_t lock;
  int socket;  // -1 where the reader has ended
  int memory;
  uint8_t *shared;
  uint64_t size;
};

static int lose(dn_h5_file *file) {
  if (file->socket >= 0) close(file->socket);
  file->socket = -1;
  return DN_H5_LOST;
}

static int ask(dn_h5_file *file, const dn_h5_request *request) {
  if (file->socket < 0 || dn_h5_send(file->socket, request, sizeof *request) < 0) return lose(file);
  return 0;
}

// Waits for a reply. Where the user wants to stop and none comes for a while, the reader is given up.
static int wait_for(dn_h5_file *file) {
  struct pollfd end = {.fd = file->socket, .events = POLLIN};
  for (int patience = 10; patience > 0;) {
    if (poll(&end, 1, 100) > 0) return 0;
    if (dn_interrupt_pending()) patience--;
  }
  lose(file);
  return DN_H5_INTERRUPTED;
}

// What comes back, into `room` bytes: how many there were, or why not.
static int64_t take(dn_h5_file *file, void *bytes, uint64_t room) {
  dn_h5_reply reply;
  if (file->socket >= 0 && wait_for(file) < 0) return DN_H5_INTERRUPTED;
  if (file->socket < 0 || dn_h5_receive(file->socket, &reply, sizeof reply) < 0) return lose(file);
  // Nothing that a reader says can be trusted after a damaged file.
  if (reply.length > room || dn_h5_receive(file->socket, bytes, reply.length) < 0)
    return lose(file);
  if (reply.status == DN_H5_NO_READER) return DN_H5_NO_READER;
  return reply.status < 0 ? DN_H5_REFUSED : (int64_t)reply.length;
}

static int64_t call(dn_h5_file *file, const dn_h5_request *request, void *bytes, uint64_t room) {
  pthread_mutex_lock(&file->lock);
  int64_t result = ask(file, request);
  if (result == 0) result = take(file, bytes, room);
  pthread_mutex_unlock(&file->lock);
  return result;
}

// A request without a block; NULL where the text is too long for any.
static dn_h5_request *request(dn_h5_request *made, int kind, dn_h5_id object, const char *text) {
  const size_t length = strlen(text);
  if (length >= sizeof made->text) return NULL;
  memset(made, 0, sizeof *made);
  made->kind = kind;
  made->object = object;
  memcpy(made->text, text, length + 1);
  return made;
}

// The server stands elsewhere, so that paths are told from the root.
static int absolute(const char *path, char *whole, size_t room) {
  char here[PATH_MAX] = "";
  if (path[0] != '/' && !getcwd(here, sizeof here)) return -1;
  int length = snprintf(whole, room, "%s%s%s", here, here[0] ? "/" : "", path);
  return length > 0 && (size_t)length < room ? 0 : -1;
}

// Memory that can only grow: were it cut, touching it would end the program.
static int make_memory(void) {
  int memory = memfd_create(DN_H5_SERVER_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (memory >= 0) fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL);
  return memory;
}

// Gives a file a reader, which has not opened it yet.
static int get_reader(dn_h5_file *file, char *message) {
  int pair[2];
  file->memory = make_memory();
  if (file->memory < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
    snprintf(message, DN_H5_MESSAGE, "no process can be started to read them: %s", strerror(errno));
    return DN_H5_NO_READER;
  }
  file->socket = pair[0];
  int status = dn_h5_hand_over((dn_h5_ends){pair[1], file->memory}, message);
  close(pair[1]);
  return status;
}

static int open_once(dn_h5_file *file, const dn_h5_request *asked, char *message) {
  int status = get_reader(file, message);
  if (status == 0) status = ask(file, asked);
  return status == 0 ? (int)take(file, NULL, 0) : status;
}

static dn_h5_file *new_file(void) {
  dn_h5_file *file = calloc(1, sizeof *file);
  if (!file) return NULL;
  pthread_mutex_init(&file->lock, NULL);
  file->socket = file->memory = -1;
  return file;
}

int dn_h5_open(const char *path, dn_h5_file **opened, char *message) {
  dn_h5_request asked;
  *opened = NULL;
  message[0] = 0;
  if (!request(&asked, DN_H5_ASK_OPEN, 0, "") || absolute(path, asked.text, sizeof asked.text) < 0)
    return DN_H5_REFUSED;
  for (int attempt = 0;; attempt++) {
    dn_h5_file *file = new_file();
    if (!file) return DN_H5_REFUSED;
    int status = open_once(file, &asked, message);
    if (status == 0) {
      *opened = file;
      return 0;
    }
    dn_h5_close(file);
    if (status == DN_H5_NO_READER && !message[0])
      snprintf(message, DN_H5_MESSAGE, "no process can be started to read them");
    // Not the file's fault where the server itself had ended.
    if (status != DN_H5_LOST || attempt > 0 || dn_h5_has_server()) return status;
  }
}

void dn_h5_close(dn_h5_file *file) {
  if (file->shared) munmap(file->shared, file->size);
  if (file->socket >= 0) close(file->socket);
  if (file->memory >= 0) close(file->memory);
  pthread_mutex_destroy(&file->lock);
  free(file);
}

int dn_h5_list(dn_h5_file *file, int limit, dn_h5_visitor visit, void *context) {
  dn_h5_request asked;
  request(&asked, DN_H5_ASK_LIST, 0, "");
  asked.limit = limit;
  char *paths = malloc(MOST_PATHS + 1);
  if (!paths) return DN_H5_REFUSED;
  int64_t length = call(file, &asked, paths, MOST_PATHS);
  if (length >= 0) paths[length] = 0;
  for (int64_t place = 0; place < length; place += (int64_t)strlen(paths + place) + 1)
    visit(context, paths + place);
  free(paths);
  return length < 0 ? (int)length : 0;
}

int dn_h5_object(dn_h5_file *file, const char *path, dn_h5_id *object, dn_h5_info *info) {
  dn_h5_request asked;
  dn_h5_opened opened;
  if (!request(&asked, DN_H5_ASK_OBJECT, 0, path)) return DN_H5_REFUSED;
  int64_t length = call(file, &asked, &opened, sizeof opened);
  if (length < 0) return (int)length;
  if (length != sizeof opened || opened.info.rank < 0 || opened.info.rank > DN_H5_RANK)
    return DN_H5_REFUSED;
  *object = opened.object;
  *info = opened.info;
  return 0;
}

void dn_h5_close_object(dn_h5_file *file, dn_h5_id object) {
  dn_h5_request asked;
  call(file, request(&asked, DN_H5_ASK_CLOSE, object, ""), NULL, 0);
}

// Makes the shared memory as large as asked for.
static int grow(dn_h5_file *file, uint64_t size) {
  if (size <= file->size) return 0;
  if (ftruncate(file->memory, (off_t)size) < 0) return -1;
  if (file->shared) munmap(file->shared, file->size);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file->memory, 0);
  file->shared = memory == MAP_FAILED ? NULL : memory;
  file->size = file->shared ? size : 0;
  return file->shared ? 0 : -1;
}

// Gives back what large chunks took.
static void shrink(dn_h5_file *file) {
  if (file->size > 2 * USUAL_BOX)
    fallocate(file->memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)file->size);
}

static int ask_box(
    dn_h5_file *file, dn_h5_request *asked, dn_h5_boxes *boxes, dn_h5_box *box, uint64_t place) {
  memcpy(asked->start, box->start, sizeof asked->start);
  memcpy(asked->count, box->count, sizeof asked->count);
  asked->rank = boxes->rank;
  asked->place = place;
  asked->shared = file->size;
  return ask(file, asked);
}

// While one box is filled by the reader, the one before is put in its place here.
static int read_boxes(
    dn_h5_file *file, dn_h5_request *asked, dn_h5_boxes *boxes, size_t element, void *values) {
  const uint64_t slot = (dn_h5_largest_box(boxes) * element + 63) / 64 * 64;
  dn_h5_box under_way[2];
  uint64_t sent = 0, taken = 0;
  int status = grow(file, 2 * slot) < 0 ? DN_H5_NO_MEMORY : 0;
  for (;;) {
    if (status == 0 && dn_interrupt_pending()) status = DN_H5_INTERRUPTED;
    dn_h5_box *next = &under_way[sent % 2], *last = &under_way[taken % 2];
    if (status == 0 && sent - taken < 2 && dn_h5_next_box(boxes, next)) {
      status = ask_box(file, asked, boxes, next, sent++ % 2 * slot);
      continue;
    }
    if (taken == sent) return status;
    int64_t came = take(file, NULL, 0);
    if (came == 0 && status == 0)
      dn_h5_place_box(boxes, last, element, file->shared + taken % 2 * slot, values);
    if (status == 0) status = (int)came;
    if (file->socket < 0) return status;
    taken++;
  }
}

int dn_h5_read(
    dn_h5_file *file, dn_h5_id object, const dn_h5_info *info, int type, const uint64_t *start,
    const uint64_t *count, void *values) {
  const size_t element = type == DN_H5_FLOAT64 ? sizeof(double) : sizeof(float);
  dn_h5_request asked;
  request(&asked, DN_H5_ASK_READ, object, "");
  asked.type = type;
  dn_h5_boxes boxes = dn_h5_cut(
      info->rank, start, count, info->chunk, USUAL_BOX / element, LARGEST_BOX / element);
  pthread_mutex_lock(&file->lock);
  int status = read_boxes(file, &asked, &boxes, element, values);
  shrink(file);
  pthread_mutex_unlock(&file->lock);
  return status;
}

int dn_h5_numbers(dn_h5_file *file, dn_h5_id object, const char *name, double *values, int room) {
  dn_h5_request asked;
  if (!request(&asked, DN_H5_ASK_NUMBERS, object, name)) return DN_H5_REFUSED;
  asked.limit = room;
  int64_t length = call(file, &asked, values, (uint64_t)room * sizeof *values);
  return length < 0 ? (int)length : (int)((size_t)length / sizeof *values);
}

int dn_h5_text(dn_h5_file *file, dn_h5_id object, const char *name, char *text, int room) {
  dn_h5_request asked;
  if (room < 1 || !request(&asked, DN_H5_ASK_TEXT, object, name)) return DN_H5_REFUSED;
  asked.limit = room;
  int64_t length = call(file, &asked, text, (uint64_t)room - 1);
  if (length >= 0) text[length] = 0;
  return (int)length;
}
