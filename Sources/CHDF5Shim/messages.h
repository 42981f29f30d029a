// What goes to and fro between the program and the processes that read for it.
#pragma once
#include "CHDF5Shim.h"

// The name under which the program starts itself to become the readers' server.
#define DN_H5_SERVER_NAME "dn-hdf5-reader"

// The server's first words: whether it has loaded the library.
typedef struct {
  int32_t status;
  char message[DN_H5_MESSAGE];
} dn_h5_hello;

enum {
  DN_H5_ASK_OPEN, DN_H5_ASK_LIST, DN_H5_ASK_OBJECT, DN_H5_ASK_CLOSE, DN_H5_ASK_READ,
  DN_H5_ASK_NUMBERS, DN_H5_ASK_TEXT
};
enum { DN_H5_TEXT = 4096 };

typedef struct {
  int32_t kind;
  int32_t limit;  // of paths, numbers or bytes
  char text[DN_H5_TEXT];  // a path, or the name of an attribute
  dn_h5_id object;
  // A block, and where in the shared memory, which has `shared` bytes, it goes.
  int32_t type, rank;
  uint64_t start[DN_H5_RANK], count[DN_H5_RANK];
  uint64_t place, shared;
} dn_h5_request;

// A reply, and how many bytes follow it.
typedef struct {
  int32_t status;
  uint32_t length;
} dn_h5_reply;

typedef struct {
  dn_h5_id object;
  dn_h5_info info;
} dn_h5_opened;

// All of the bytes: 0, or -1 where the other side is gone.
int dn_h5_send(int socket, const void *bytes, size_t count);
int dn_h5_receive(int socket, void *bytes, size_t count);

// What a reader is given: its end of the file's socket, and the memory it shares.
typedef struct {
  int socket, memory;
} dn_h5_ends;
int dn_h5_send_ends(int server, dn_h5_ends ends);
int dn_h5_receive_ends(int server, dn_h5_ends *ends);
