// HDF5 by libhdf5, loaded when it is first needed: linked, it would slow every start by
// milliseconds. One file at a time is described by its handle; messages take DN_H5_MESSAGE bytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_H5_MESSAGE = 200, DN_H5_RANK = 32 };

typedef int64_t dn_h5_id;

// Loads the library: 0, or -1 with the reason in `message`.
int dn_h5_load(char *message);

// A file opened for reading; negative where that failed.
dn_h5_id dn_h5_open(const char *path);
void dn_h5_close(dn_h5_id file);

// Calls `visit` with the path of every data set in the file, at most `limit` of them.
typedef void (*dn_h5_visitor)(void *context, const char *path);
int dn_h5_list(dn_h5_id file, int limit, dn_h5_visitor visit, void *context);

enum {
  DN_H5_OTHER, DN_H5_UINT8, DN_H5_INT8, DN_H5_UINT16, DN_H5_INT16, DN_H5_UINT32, DN_H5_INT32,
  DN_H5_UINT64, DN_H5_INT64, DN_H5_FLOAT16, DN_H5_FLOAT32, DN_H5_FLOAT64, DN_H5_BOOL,
  DN_H5_STRING, DN_H5_COMPOUND
};

typedef struct {
  int type;  // one of the above
  int rank;
  uint64_t shape[DN_H5_RANK];
} dn_h5_info;

// A data set or a group, to be closed; negative where there is none of that path.
dn_h5_id dn_h5_object(dn_h5_id file, const char *path, int *is_dataset);
void dn_h5_close_object(dn_h5_id object);
int dn_h5_describe(dn_h5_id dataset, dn_h5_info *info);
// Where the numbers of a data set lie in its file, unpacked, row-major and as the machine has them; -1
// where they do not lie so.
int64_t dn_h5_plain_offset(dn_h5_id dataset);

// Reads a block as single (or double) precision, whatever the type stored. 0, or -1.
int dn_h5_read_floats(
    dn_h5_id dataset, int rank, const uint64_t *start, const uint64_t *count, float *values);
// Part of a data set of one dimension.
int dn_h5_read_doubles(dn_h5_id dataset, uint64_t start, uint64_t count, double *values);

// An attribute of a data set or group as doubles: how many there are (up to `room`), or -1. As text: its
// length, cut to `room - 1`, or -1.
int dn_h5_numbers(dn_h5_id object, const char *name, double *values, int room);
int dn_h5_text(dn_h5_id object, const char *name, char *text, int room);

// A new file and a data set in it, its chunks packed by deflate where `level` is above 0.
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
