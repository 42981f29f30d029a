// Sending and receiving whole messages, and open files with them.
#include "messages.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int dn_h5_send(int socket, const void *bytes, size_t count) {
  const char *rest = bytes;
  while (count > 0) {
    ssize_t done = send(socket, rest, count, MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return -1;
    rest += done;
    count -= (size_t)done;
  }
  return 0;
}

int dn_h5_receive(int socket, void *bytes, size_t count) {
  char *rest = bytes;
  while (count > 0) {
    ssize_t done = recv(socket, rest, count, MSG_WAITALL);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return -1;
    rest += done;
    count -= (size_t)done;
  }
  return 0;
}

// Room for the descriptors that go with a message of one byte.
typedef struct {
  char byte;
  struct iovec piece;
  _Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(dn_h5_ends))];
  struct msghdr head;
} parcel;

static struct msghdr *prepare(parcel *parcel) {
  memset(parcel, 0, sizeof *parcel);
  parcel->piece = (struct iovec){&parcel->byte, 1};
  parcel->head.msg_iov = &parcel->piece;
  parcel->head.msg_iovlen = 1;
  parcel->head.msg_control = parcel->room;
  parcel->head.msg_controllen = sizeof parcel->room;
  return &parcel->head;
}

int dn_h5_send_ends(int server, dn_h5_ends ends) {
  parcel parcel;
  struct msghdr *head = prepare(&parcel);
  struct cmsghdr *with = CMSG_FIRSTHDR(head);
  with->cmsg_level = SOL_SOCKET;
  with->cmsg_type = SCM_RIGHTS;
  with->cmsg_len = CMSG_LEN(sizeof ends);
  memcpy(CMSG_DATA(with), &ends, sizeof ends);
  ssize_t done;
  do done = sendmsg(server, head, MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  return done == 1 ? 0 : -1;
}

int dn_h5_receive_ends(int server, dn_h5_ends *ends) {
  parcel parcel;
  struct msghdr *head = prepare(&parcel);
  ssize_t done;
  do done = recvmsg(server, head, MSG_CMSG_CLOEXEC);
  while (done < 0 && errno == EINTR);
  struct cmsghdr *with = done == 1 ? CMSG_FIRSTHDR(head) : NULL;
  if (!with || with->cmsg_type != SCM_RIGHTS || with->cmsg_len != CMSG_LEN(sizeof *ends)) return -1;
  memcpy(ends, CMSG_DATA(with), sizeof *ends);
  return 0;
}
