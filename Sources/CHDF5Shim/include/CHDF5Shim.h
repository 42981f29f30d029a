// HDF5 by libhdf5, loaded when it is first needed: linked, it would slow every start by
// milliseconds.
//
// Files are read in processes of their own, one a file: the library takes the word of damaged headers
// and may end the process that it runs in. Files are written in this one, by one thread at a time.
// Messages take DN_H5_MESSAGE bytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_H5_MESSAGE = 200, DN_H5_RANK = 32 };

typedef int64_t dn_h5_id;

// A file opened for reading. Any thread may call; calls on one file wait for each other.
typedef struct dn_h5_file dn_h5_file;

// What became of a call that reads, where it is not 0 or a count.
enum {
  DN_H5_REFUSED = -1,      // the library says no
  DN_H5_LOST = -2,         // the reader ended at it; all further calls on the file say so too
  DN_H5_INTERRUPTED = -3,  // by the user
  DN_H5_NO_LIBRARY = -4,
  DN_H5_NO_READER = -5,    // no process could be started
  DN_H5_NO_MEMORY = -6     // to read through
};

// 0, or why not, and the reason in `message` where there is no library or no reader.
int dn_h5_open(const char *path, dn_h5_file **file, char *message);
void dn_h5_close(dn_h5_file *file);

// Calls `visit` with the path of every data set in the file, at most `limit` of them.
typedef void (*dn_h5_visitor)(void *context, const char *path);
int dn_h5_list(dn_h5_file *file, int limit, dn_h5_visitor visit, void *context);

enum {
  DN_H5_OTHER, DN_H5_UINT8, DN_H5_INT8, DN_H5_UINT16, DN_H5_INT16, DN_H5_UINT32, DN_H5_INT32,
  DN_H5_UINT64, DN_H5_INT64, DN_H5_FLOAT16, DN_H5_FLOAT32, DN_H5_FLOAT64, DN_H5_BOOL,
  DN_H5_STRING, DN_H5_COMPOUND
};

typedef struct {
  int is_dataset;  // what follows is empty for groups
  int type;        // one of the above
  int rank;
  uint64_t shape[DN_H5_RANK];
  uint64_t chunk[DN_H5_RANK];  // the shape of its pieces, or ones
  int64_t offset;  // where its numbers lie in the file, unpacked, row-major and as the machine has
                   // them; -1 where they do not lie so
} dn_h5_info;

// A data set or a group, to be closed.
int dn_h5_object(dn_h5_file *file, const char *path, dn_h5_id *object, dn_h5_info *info);
void dn_h5_close_object(dn_h5_file *file, dn_h5_id object);

// Reads a block as single or double precision (`type`), whatever the type stored.
int dn_h5_read(
    dn_h5_file *file, dn_h5_id object, const dn_h5_info *info, int type, const uint64_t *start,
    const uint64_t *count, void *values);

// An attribute of a data set or group as doubles: how many there are (up to `room`). As text: its
// length, cut to `room - 1`.
int dn_h5_numbers(dn_h5_file *file, dn_h5_id object, const char *name, double *values, int room);
int dn_h5_text(dn_h5_file *file, dn_h5_id object, const char *name, char *text, int room);

// Loads the library into this process, for writing: 0, or -1 with the reason in `message`.
int dn_h5_load(char *message);
// A new file and a data set in it, its chunks packed by deflate where `level` is above 0; negative
// where that failed.
dn_h5_id dn_h5_create(const char *path);
dn_h5_id dn_h5_create_dataset(
    dn_h5_id file, const char *path, int type, int rank, const uint64_t *shape,
    const uint64_t *chunk, int level);
// Writes a block of numbers in the type of the data set, in the machine's byte order. 0, or -1.
int dn_h5_write(
    dn_h5_id dataset, int type, int rank, const uint64_t *start, const uint64_t *count,
    const uint8_t *bytes);
int dn_h5_set_numbers(dn_h5_id dataset, const char *name, const double *values, int count);
int dn_h5_set_text(dn_h5_id dataset, const char *name, const char *text);
int dn_h5_flush(dn_h5_id file);
int dn_h5_close_written(dn_h5_id file, dn_h5_id dataset);
