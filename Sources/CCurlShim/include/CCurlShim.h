// HTTP by libcurl, which is opened when it is first needed: several files at once, on one thread.
#pragma once
#include <stdint.h>

#define DN_HTTP_MESSAGE 256

typedef struct dn_http dn_http;

// What a transfer that ended came to.
typedef struct {
  int64_t id;
  int status;        // the server's answer, such as 200 or 404; 0 where there was none
  int failed;        // not 0 where the transfer was cut, refused or answered with an error
  int64_t received;  // bytes that the file holds now
  int64_t expected;  // bytes that the server announced for it; -1 where it did not
  char message[DN_HTTP_MESSAGE];
} dn_http_result;

// NULL where the library is not there; `message` says so.
dn_http *dn_http_open(char message[DN_HTTP_MESSAGE]);

// Begins to fetch `url` into the file `fd`, from byte `from` on, where the file ends already. A
// server that sends the whole file instead is followed: the file begins anew. Not 0 on failure.
int dn_http_add(dn_http *http, int64_t id, const char *url, int fd, int64_t from);

// Works for at most so many milliseconds. 1: a transfer ended, `result` says how; 0: not yet;
// -1: nothing is under way.
int dn_http_wait(dn_http *http, int milliseconds, dn_http_result *result);

// Bytes received by all transfers so far.
int64_t dn_http_received(const dn_http *http);

// Breaks off what is under way.
void dn_http_close(dn_http *http);

// A file in memory, for small answers; negative on failure.
int dn_http_scratch(void);
