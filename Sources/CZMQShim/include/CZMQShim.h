#pragma once
#include <stddef.h>
#include <stdint.h>

// Message sockets of ZeroMQ, as far as a kernel of Jupyter needs them. The library is opened when
// the first is asked for, so that the program runs where it is missing.

/// Kinds of sockets, with the library's own numbers.
typedef enum { DN_ZMQ_PUB = 1, DN_ZMQ_ROUTER = 6 } dn_zmq_kind;

typedef struct dn_zmq_socket dn_zmq_socket;

/// Opens the library; NULL, or what the loader said.
const char *_Nullable dn_zmq_library_error(void);

/// A socket bound to an address such as `tcp://127.0.0.1:5555`; NULL where that cannot be.
dn_zmq_socket *_Nullable dn_zmq_bind(dn_zmq_kind kind, const char *_Nonnull address);

/// Answers every message with itself, in a thread of its own. Returns 0, or -1.
int dn_zmq_echo(const char *_Nonnull address);

/// Waits until one of the sockets has a message or a signal comes.
/// Returns a bit for each socket that has one; 0 after `milliseconds` or a signal.
int dn_zmq_wait(dn_zmq_socket *_Nonnull const *_Nonnull sockets, int count, long milliseconds);

/// The next part of a message: its bytes, which `dn_zmq_release` frees, and whether more follow.
/// Returns 0, or -1 where there is none.
int dn_zmq_receive(
    dn_zmq_socket *_Nonnull socket, uint8_t *_Nullable *_Nonnull bytes, size_t *_Nonnull count,
    int *_Nonnull more);
void dn_zmq_release(uint8_t *_Nullable bytes);

/// Sends a part of a message; `more` where another follows. Returns 0, or -1.
int dn_zmq_send(
    dn_zmq_socket *_Nonnull socket, const uint8_t *_Nullable bytes, size_t count, int more);

/// Sends what is under way and closes everything.
void dn_zmq_finish(void);
