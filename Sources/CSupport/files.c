#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "CSupport.h"

int dn_open_unnamed(const char *folder) {
  // Without /proc it could never be given a name.
  if (access("/proc/self/fd", X_OK)) return -1;
  return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

int dn_name(int descriptor, const char *path) {
  char unnamed[64];
  snprintf(unnamed, sizeof unnamed, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, unnamed, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

int dn_exchange(const char *left, const char *right) {
  return renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE);
}
