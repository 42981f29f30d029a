// A reader: one file, asked about over a socket.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "reader.h"

typedef struct {
  dn_h5_ends ends;
  hid_t file;
  uint8_t *shared;
  uint64_t size;
} reader;

static int reply(const reader *reader, int status, const void *bytes, uint32_t length) {
  const dn_h5_reply head = {status, length};
  if (dn_h5_send(reader->ends.socket, &head, sizeof head) < 0) return -1;
  return dn_h5_send(reader->ends.socket, bytes, length);
}

// Maps the shared memory anew where the other side has made it larger.
static int map(reader *reader, uint64_t size) {
  if (size <= reader->size) return 0;
  if (reader->shared) munmap(reader->shared, reader->size);
  dn_h5_allow_shared(size);
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, reader->ends.memory, 0);
  reader->shared = memory == MAP_FAILED ? NULL : memory;
  reader->size = reader->shared ? size : 0;
  return reader->shared ? 0 : -1;
}

static int answer_open(reader *reader, const dn_h5_request *asked) {
  reader->file = dn_h5_open_here(asked->text);
  return reply(reader, reader->file < 0 ? DN_H5_REFUSED : 0, NULL, 0);
}

static int answer_list(reader *reader, const dn_h5_request *asked) {
  char *paths = NULL;
  uint32_t length = dn_h5_list_here(reader->file, asked->limit, &paths);
  int result = reply(reader, 0, paths, length);
  free(paths);
  return result;
}

static int answer_object(reader *reader, const dn_h5_request *asked) {
  dn_h5_opened opened;
  memset(&opened, 0, sizeof opened);
  opened.object = dn_h5_object_here(reader->file, asked->text, &opened.info);
  if (opened.object < 0) return reply(reader, DN_H5_REFUSED, NULL, 0);
  return reply(reader, 0, &opened, sizeof opened);
}

static int answer_close(reader *reader, const dn_h5_request *asked) {
  lib.H5Oclose_(asked->object);
  return reply(reader, 0, NULL, 0);
}

static int answer_read(reader *reader, const dn_h5_request *asked) {
  uint64_t bytes = asked->type == DN_H5_FLOAT64 ? sizeof(double) : sizeof(float);
  for (int axis = 0; axis < asked->rank; axis++) bytes *= asked->count[axis];
  dn_h5_allow_time(bytes);
  int status = map(reader, asked->shared);
  if (status == 0 && bytes <= reader->size && asked->place <= reader->size - bytes)
    status = dn_h5_read_here(
        asked->object, asked->type, &(dn_h5_block){asked->rank, asked->start, asked->count},
        reader->shared + asked->place);
  return reply(reader, status < 0 ? DN_H5_REFUSED : 0, NULL, 0);
}

static int answer_numbers(reader *reader, const dn_h5_request *asked) {
  double values[DN_H5_TEXT / sizeof(double)];
  int room = asked->limit < (int)(sizeof values / sizeof *values) ? asked->limit : 0;
  int count = dn_h5_numbers_here(asked->object, asked->text, values, room);
  if (count < 0) return reply(reader, DN_H5_REFUSED, NULL, 0);
  return reply(reader, 0, values, (uint32_t)count * sizeof *values);
}

static int answer_text(reader *reader, const dn_h5_request *asked) {
  char text[DN_H5_TEXT];
  int room = asked->limit < DN_H5_TEXT ? asked->limit : DN_H5_TEXT;
  int length = dn_h5_text_here(asked->object, asked->text, text, room);
  if (length < 0) return reply(reader, DN_H5_REFUSED, NULL, 0);
  return reply(reader, 0, text, (uint32_t)length);
}

static int answer(reader *reader, const dn_h5_request *asked) {
  switch (asked->kind) {
    case DN_H5_ASK_OPEN: return answer_open(reader, asked);
    case DN_H5_ASK_LIST: return answer_list(reader, asked);
    case DN_H5_ASK_OBJECT: return answer_object(reader, asked);
    case DN_H5_ASK_CLOSE: return answer_close(reader, asked);
    case DN_H5_ASK_READ: return answer_read(reader, asked);
    case DN_H5_ASK_NUMBERS: return answer_numbers(reader, asked);
    case DN_H5_ASK_TEXT: return answer_text(reader, asked);
    default: return -1;
  }
}

void dn_h5_answer(dn_h5_ends ends) {
  reader reader = {.ends = ends, .file = -1};
  dn_h5_request asked;
  while (dn_h5_receive(ends.socket, &asked, sizeof asked) == 0) {
    dn_h5_begin_time();
    if (answer(&reader, &asked) < 0) break;
  }
}
