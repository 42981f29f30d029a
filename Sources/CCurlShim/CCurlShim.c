#define _GNU_SOURCE  // memfd_create
#include "CCurlShim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The part of libcurl's interface that is used here. Its numbers and layouts have been the same
// since version 7.55 and are promised to stay, so building needs no header of it.
typedef void CURL;
typedef void CURLM;
typedef struct {
  int msg;
  CURL *easy;
  union {
    void *whatever;
    int result;
  } data;
} CURLMsg;

enum {
  OPT_LOW_SPEED_LIMIT = 19,
  OPT_LOW_SPEED_TIME = 20,
  OPT_FAILONERROR = 45,
  OPT_FOLLOWLOCATION = 52,
  OPT_MAXREDIRS = 68,
  OPT_CONNECTTIMEOUT = 78,
  OPT_NOSIGNAL = 99,
  OPT_PROTOCOLS = 181,
  OPT_REDIR_PROTOCOLS = 182,
  OPT_WRITEDATA = 10001,
  OPT_URL = 10002,
  OPT_RANGE = 10007,
  OPT_ERRORBUFFER = 10010,
  OPT_USERAGENT = 10018,
  OPT_PRIVATE = 10103,
  OPT_WRITEFUNCTION = 20011,
  INFO_PRIVATE = 0x100015,
  INFO_RESPONSE_CODE = 0x200002,
  INFO_CONTENT_LENGTH_DOWNLOAD = 0x60000f,
  GLOBAL_DEFAULT = 3,
  MESSAGE_DONE = 1,
  PROTOCOLS_HTTP_AND_HTTPS = 3,
  ERROR_WRITE = 23,
};

static struct {
  int (*global_init)(long);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  int (*easy_setopt)(CURL *, int, ...);
  int (*easy_getinfo)(CURL *, int, ...);
  const char *(*easy_strerror)(int);
  CURLM *(*multi_init)(void);
  int (*multi_cleanup)(CURLM *);
  int (*multi_add_handle)(CURLM *, CURL *);
  int (*multi_remove_handle)(CURLM *, CURL *);
  int (*multi_perform)(CURLM *, int *);
  int (*multi_wait)(CURLM *, void *, unsigned, int, int *);
  CURLMsg *(*multi_info_read)(CURLM *, int *);
  char fault[DN_HTTP_MESSAGE];
} lib;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(lib.fault, sizeof lib.fault, "the library libcurl is not installed");
    return;
  }
#define FIND(name)                                                                    \
  lib.name = (__typeof__(lib.name))dlsym(library, "curl_" #name);                     \
  if (!lib.name && !lib.fault[0]) snprintf(lib.fault, sizeof lib.fault, "curl_%s is missing", #name);
  FIND(global_init)
  FIND(easy_init)
  FIND(easy_cleanup)
  FIND(easy_setopt)
  FIND(easy_getinfo)
  FIND(easy_strerror)
  FIND(multi_init)
  FIND(multi_cleanup)
  FIND(multi_add_handle)
  FIND(multi_remove_handle)
  FIND(multi_perform)
  FIND(multi_wait)
  FIND(multi_info_read)
  if (!lib.fault[0] && lib.global_init(GLOBAL_DEFAULT) != 0)
    snprintf(lib.fault, sizeof lib.fault, "libcurl does not start");
}

typedef struct transfer {
  struct transfer *next;
  dn_http *http;
  CURL *easy;
  int64_t id;
  int fd;
  int64_t from;
  int64_t received;
  int begun;
  char error[DN_HTTP_MESSAGE];
} transfer;

struct dn_http {
  CURLM *multi;
  transfer *first;
  int64_t received;
};

dn_http *dn_http_open(char message[DN_HTTP_MESSAGE]) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (lib.fault[0]) {
    snprintf(message, DN_HTTP_MESSAGE, "%s", lib.fault);
    return NULL;
  }
  dn_http *http = calloc(1, sizeof *http);
  if (http) http->multi = lib.multi_init();
  if (!http || !http->multi) {
    snprintf(message, DN_HTTP_MESSAGE, "there is no memory for a connection");
    free(http);
    return NULL;
  }
  return http;
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  transfer *one = context;
  if (!one->begun) {
    one->begun = 1;
    long status = 0;
    lib.easy_getinfo(one->easy, INFO_RESPONSE_CODE, &status);
    // 206 is the rest that was asked for; 200 is the whole file.
    if (one->from > 0 && status != 206) {
      if (ftruncate(one->fd, 0) != 0 || lseek(one->fd, 0, SEEK_SET) != 0) return 0;
      one->from = 0;
    }
  }
  size_t total = size * count;
  size_t done = 0;
  while (done < total) {
    ssize_t wrote = write(one->fd, bytes + done, total - done);
    if (wrote <= 0) return 0;
    done += (size_t)wrote;
  }
  one->received += (int64_t)total;
  one->http->received += (int64_t)total;
  return total;
}

int dn_http_add(dn_http *http, int64_t id, const char *url, int fd, int64_t from) {
  transfer *one = calloc(1, sizeof *one);
  if (!one) return -1;
  one->easy = lib.easy_init();
  if (!one->easy) {
    free(one);
    return -1;
  }
  one->http = http;
  one->id = id;
  one->fd = fd;
  one->from = from;
  lib.easy_setopt(one->easy, OPT_URL, url);
  lib.easy_setopt(one->easy, OPT_WRITEFUNCTION, take);
  lib.easy_setopt(one->easy, OPT_WRITEDATA, one);
  lib.easy_setopt(one->easy, OPT_PRIVATE, one);
  lib.easy_setopt(one->easy, OPT_ERRORBUFFER, one->error);
  lib.easy_setopt(one->easy, OPT_USERAGENT, "dn");
  lib.easy_setopt(one->easy, OPT_FAILONERROR, 1L);
  lib.easy_setopt(one->easy, OPT_FOLLOWLOCATION, 1L);
  lib.easy_setopt(one->easy, OPT_MAXREDIRS, 5L);
  lib.easy_setopt(one->easy, OPT_NOSIGNAL, 1L);
  lib.easy_setopt(one->easy, OPT_CONNECTTIMEOUT, 30L);
  // A connection that brings nothing for a minute is dead.
  lib.easy_setopt(one->easy, OPT_LOW_SPEED_LIMIT, 1L);
  lib.easy_setopt(one->easy, OPT_LOW_SPEED_TIME, 60L);
  lib.easy_setopt(one->easy, OPT_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
  lib.easy_setopt(one->easy, OPT_REDIR_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
  if (from > 0) {
    char range[32];
    snprintf(range, sizeof range, "%lld-", (long long)from);
    lib.easy_setopt(one->easy, OPT_RANGE, range);
  }
  if (lib.multi_add_handle(http->multi, one->easy) != 0) {
    lib.easy_cleanup(one->easy);
    free(one);
    return -1;
  }
  one->next = http->first;
  http->first = one;
  return 0;
}

static void drop(dn_http *http, transfer *one) {
  for (transfer **place = &http->first; *place; place = &(*place)->next) {
    if (*place == one) {
      *place = one->next;
      break;
    }
  }
  lib.multi_remove_handle(http->multi, one->easy);
  lib.easy_cleanup(one->easy);
  free(one);
}

static int collect(dn_http *http, dn_http_result *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = lib.multi_info_read(http->multi, &left))) {
    if (message->msg != MESSAGE_DONE) continue;
    int code = message->data.result;
    char *context = NULL;
    lib.easy_getinfo(message->easy, INFO_PRIVATE, &context);
    transfer *one = (transfer *)context;
    if (!one) continue;
    memset(result, 0, sizeof *result);
    long status = 0;
    int64_t length = -1;
    lib.easy_getinfo(one->easy, INFO_RESPONSE_CODE, &status);
    lib.easy_getinfo(one->easy, INFO_CONTENT_LENGTH_DOWNLOAD, &length);
    result->id = one->id;
    result->status = (int)status;
    result->failed = code != 0;
    result->received = one->from + one->received;
    result->expected = length < 0 ? -1 : one->from + length;
    if (code == ERROR_WRITE)
      snprintf(result->message, sizeof result->message, "the file cannot be written; is the disk full?");
    else if (code != 0)
      snprintf(
        result->message, sizeof result->message, "%s",
        one->error[0] ? one->error : lib.easy_strerror(code));
    drop(http, one);
    return 1;
  }
  return 0;
}

int dn_http_wait(dn_http *http, int milliseconds, dn_http_result *result) {
  int running = 0;
  lib.multi_perform(http->multi, &running);
  if (collect(http, result)) return 1;
  if (!http->first) return -1;
  int ready = 0;
  lib.multi_wait(http->multi, NULL, 0, milliseconds, &ready);
  lib.multi_perform(http->multi, &running);
  return collect(http, result);
}

int64_t dn_http_received(const dn_http *http) { return http->received; }

void dn_http_close(dn_http *http) {
  if (!http) return;
  while (http->first) drop(http, http->first);
  lib.multi_cleanup(http->multi);
  free(http);
}

int dn_http_scratch(void) { return memfd_create("dn", MFD_CLOEXEC); }
