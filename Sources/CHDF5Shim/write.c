// Writing files, in the program itself: libhdf5 is not made for threads, so that one waits for the other.
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>

#include "library.h"

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t *take_turn(void) {
  pthread_mutex_lock(&turn);
  return &turn;
}

static void end_turn(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }

// Holds the library until the end of the function.
#define ALONE __attribute__((cleanup(end_turn), unused)) pthread_mutex_t *held = take_turn()

static int descriptor(hid_t file) {
  void *place = NULL;
  return lib.H5Fget_vfd_handle_(file, H5P_DEFAULT, &place) >= 0 && place ? *(int *)place : -1;
}

dn_h5_id dn_h5_create(const char *path) {
  ALONE;
  dn_h5_be_quiet();
  hid_t file = lib.H5Fcreate_(path, 0x0002 /* truncate */, H5P_DEFAULT, H5P_DEFAULT);
  // Other programs that are started meanwhile are not to have it open.
  if (file >= 0) fcntl(descriptor(file), F_SETFD, FD_CLOEXEC);
  return file;
}

dn_h5_id dn_h5_create_dataset(
    dn_h5_id file, const char *path, int type, int rank, const uint64_t *shape,
    const uint64_t *chunk, int level) {
  ALONE;
  hsize_t size[DN_H5_RANK], piece[DN_H5_RANK];
  if (rank < 0 || rank > DN_H5_RANK) return -1;
  for (int axis = 0; axis < rank; axis++) {
    size[axis] = shape[axis];
    piece[axis] = chunk[axis];
  }
  hid_t number = dn_h5_memory_type(type);
  hid_t space = rank ? lib.H5Screate_simple_(rank, size, NULL) : lib.H5Screate_(H5S_SCALAR);
  hid_t creation = lib.H5Pcreate_(lib.H5P_CLS_DATASET_CREATE_ID_g_);
  hid_t links = lib.H5Pcreate_(lib.H5P_CLS_LINK_CREATE_ID_g_);
  dn_h5_id dataset = -1;
  if (number >= 0 && space >= 0 && creation >= 0 && links >= 0) {
    lib.H5Pset_create_intermediate_group_(links, 1);
    if (rank && level > 0) {
      lib.H5Pset_chunk_(creation, rank, piece);
      lib.H5Pset_deflate_(creation, (unsigned)level);
    }
    dataset = lib.H5Dcreate2_(file, path, number, space, links, creation, H5P_DEFAULT);
  }
  if (links >= 0) lib.H5Pclose_(links);
  if (creation >= 0) lib.H5Pclose_(creation);
  if (space >= 0) lib.H5Sclose_(space);
  if (number >= 0) lib.H5Tclose_(number);
  return dataset;
}

int dn_h5_write(
    dn_h5_id dataset, int type, int rank, const uint64_t *start, const uint64_t *count,
    const uint8_t *bytes) {
  ALONE;
  hid_t number = dn_h5_memory_type(type);
  if (number < 0) return -1;
  int result = dn_h5_transfer(
      DN_H5_WRITE, dataset, number, &(dn_h5_block){rank, start, count}, (void *)bytes);
  lib.H5Tclose_(number);
  return result;
}

// Writes an attribute of `count` elements, or a single one where `count` is 0.
static int set_attribute(
    dn_h5_id dataset, const char *name, hid_t type, int count, const void *value) {
  hsize_t size = (hsize_t)count;
  hid_t space = count ? lib.H5Screate_simple_(1, &size, NULL) : lib.H5Screate_(H5S_SCALAR);
  if (space < 0) return -1;
  hid_t attribute = lib.H5Acreate2_(dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int result = -1;
  if (attribute >= 0) {
    result = lib.H5Awrite_(attribute, type, value) < 0 ? -1 : 0;
    lib.H5Aclose_(attribute);
  }
  lib.H5Sclose_(space);
  return result;
}

int dn_h5_set_numbers(dn_h5_id dataset, const char *name, const double *values, int count) {
  ALONE;
  return set_attribute(dataset, name, lib.H5T_NATIVE_DOUBLE_g_, count, values);
}

int dn_h5_set_text(dn_h5_id dataset, const char *name, const char *text) {
  ALONE;
  hid_t type = lib.H5Tcopy_(lib.H5T_C_S1_g_);
  if (type < 0) return -1;
  int result = -1;
  if (lib.H5Tset_size_(type, strlen(text) + 1) >= 0 && lib.H5Tset_cset_(type, H5T_CSET_UTF8) >= 0)
    result = set_attribute(dataset, name, type, 0, text);
  lib.H5Tclose_(type);
  return result;
}

int dn_h5_flush(dn_h5_id file) {
  ALONE;
  return lib.H5Fflush_(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : 0;
}

int dn_h5_close_written(dn_h5_id file, dn_h5_id dataset) {
  ALONE;
  int is_closed = dataset < 0 || lib.H5Oclose_(dataset) >= 0;
  // The lock would stay as long as any process has the file open, such as one on its way to another
  // program.
  flock(descriptor(file), LOCK_UN);
  return lib.H5Fclose_(file) >= 0 && is_closed ? 0 : -1;
}
