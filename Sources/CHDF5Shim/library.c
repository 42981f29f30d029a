// Loading the library, its types of numbers, and moving blocks of them.
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

dn_h5_library dn_h5_lib;

static void *find(void *library, const char *name) {
  void *address = dlsym(library, name);
  if (!address && !lib.fault[0]) snprintf(lib.fault, sizeof lib.fault, "%s is missing", name);
  return address;
}

static void load(void) {
  void *library = dlopen("libhdf5_serial.so.103", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libhdf5_serial.so", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(lib.fault, sizeof lib.fault, "the library libhdf5 is not installed");
    return;
  }
#define FIND_FUNCTION(name) lib.name##_ = (__typeof__(&name))find(library, #name);
  FUNCTIONS(FIND_FUNCTION)
  if (lib.fault[0]) return;
  // Files are closed one by one; the library's own clearing up at the end can hang after a damaged
  // file.
  lib.H5dont_atexit_();
  if (lib.H5open_() < 0) {
    snprintf(lib.fault, sizeof lib.fault, "the library does not start");
    return;
  }
#define FIND_VARIABLE(name)                             \
  {                                                     \
    hid_t *address = find(library, #name);              \
    if (address) lib.name##_ = *address;                \
  }
  VARIABLES(FIND_VARIABLE)
}

void dn_h5_be_quiet(void) {
  static _Thread_local int is_quiet;
  if (!is_quiet) lib.H5Eset_auto2_(H5E_DEFAULT, NULL, NULL);
  is_quiet = 1;
}

int dn_h5_load(char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  snprintf(message, DN_H5_MESSAGE, "%s", lib.fault);
  return lib.fault[0] ? -1 : 0;
}

// Half precision, which HDF5 has no name for: 1 sign, 5 exponent, 10 mantissa bits, bias 15.
static hid_t half_type(void) {
  hid_t type = lib.H5Tcopy_(lib.H5T_NATIVE_FLOAT_g_);
  if (type < 0) return -1;
  lib.H5Tset_fields_(type, 15, 10, 5, 0, 10);
  lib.H5Tset_size_(type, 2);
  lib.H5Tset_ebias_(type, 15);
  return type;
}

// Truth values of h5py are an enumeration over bytes, which the
// library reads as such bytes.
hid_t dn_h5_memory_type(int type) {
  switch (type) {
    case DN_H5_UINT8: return lib.H5Tcopy_(lib.H5T_NATIVE_UCHAR_g_);
    case DN_H5_INT8: return lib.H5Tcopy_(lib.H5T_NATIVE_SCHAR_g_);
    case DN_H5_UINT16: return lib.H5Tcopy_(lib.H5T_NATIVE_USHORT_g_);
    case DN_H5_INT16: return lib.H5Tcopy_(lib.H5T_NATIVE_SHORT_g_);
    case DN_H5_UINT32: return lib.H5Tcopy_(lib.H5T_NATIVE_UINT_g_);
    case DN_H5_INT32: return lib.H5Tcopy_(lib.H5T_NATIVE_INT_g_);
    case DN_H5_UINT64: return lib.H5Tcopy_(lib.H5T_NATIVE_ULLONG_g_);
    case DN_H5_INT64: return lib.H5Tcopy_(lib.H5T_NATIVE_LLONG_g_);
    case DN_H5_FLOAT16: return half_type();
    case DN_H5_FLOAT64: return lib.H5Tcopy_(lib.H5T_NATIVE_DOUBLE_g_);
    default: return lib.H5Tcopy_(lib.H5T_NATIVE_FLOAT_g_);
  }
}

int dn_h5_transfer(
    int direction, dn_h5_id dataset, hid_t type, const dn_h5_block *block, void *memory) {
  const int rank = block->rank;
  dn_h5_be_quiet();
  hsize_t from[DN_H5_RANK], size[DN_H5_RANK];
  if (rank < 0 || rank > DN_H5_RANK) return -1;
  for (int axis = 0; axis < rank; axis++) {
    from[axis] = block->start[axis];
    size[axis] = block->count[axis];
  }
  hid_t file_space = lib.H5Dget_space_(dataset);
  hid_t memory_space = rank ? lib.H5Screate_simple_(rank, size, NULL) : lib.H5Screate_(H5S_SCALAR);
  int result = -1;
  if (file_space >= 0 && memory_space >= 0 &&
      (direction == DN_H5_WRITE || dn_h5_is_sound(dataset, file_space, block)) &&
      (rank == 0 ||
       lib.H5Sselect_hyperslab_(file_space, H5S_SELECT_SET, from, NULL, size, NULL) >= 0)) {
    herr_t code = direction == DN_H5_READ
                      ? lib.H5Dread_(dataset, type, memory_space, file_space, H5P_DEFAULT, memory)
                      : lib.H5Dwrite_(dataset, type, memory_space, file_space, H5P_DEFAULT, memory);
    result = code < 0 ? -1 : 0;
  }
  if (memory_space >= 0) lib.H5Sclose_(memory_space);
  if (file_space >= 0) lib.H5Sclose_(file_space);
  return result;
}
