#include "CHDF5Shim.h"

#include <dlfcn.h>
#include <hdf5/serial/hdf5.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Every function of the library that is used here, once: the list makes the pointers and loads them.
#define FUNCTIONS(each)                                                                \
  each(H5open) each(H5dont_atexit) each(H5Eset_auto2) each(H5Fopen) each(H5Fcreate) each(H5Fclose) each(H5Fflush)     \
  each(H5Literate) each(H5Oopen) each(H5Oclose) each(H5Iget_type)   \
  each(H5Dcreate2) each(H5Dget_space) each(H5Dget_type) each(H5Dread) each(H5Dwrite)   \
  each(H5Dget_offset) each(H5Dget_create_plist) each(H5Dget_storage_size) each(H5Pget_layout) each(H5Pget_chunk) each(H5Tequal) \
  each(H5Dget_chunk_info_by_coord) each(H5Pget_nfilters) each(H5Iget_file_id) each(H5Fget_filesize) \
  each(H5Screate_simple) each(H5Screate) each(H5Sclose) each(H5Sget_simple_extent_ndims)          \
  each(H5Sget_simple_extent_dims) each(H5Sget_simple_extent_npoints) each(H5Sselect_hyperslab)    \
  each(H5Tget_class) each(H5Tget_size) each(H5Tget_sign) each(H5Tclose) each(H5Tcopy)  \
  each(H5Tset_size) each(H5Tset_fields) each(H5Tset_ebias) each(H5Tset_cset) each(H5Tis_variable_str)        \
  each(H5Pcreate) each(H5Pclose) each(H5Pset_chunk) each(H5Pset_deflate)        \
  each(H5Pset_create_intermediate_group) each(H5Aopen) each(H5Aclose) each(H5Aread)    \
  each(H5Aget_type) each(H5Aget_space) each(H5Acreate2) each(H5Awrite) each(H5Aexists) \
  each(H5free_memory)

// What the header names by macros that refer to variables of the library.
#define VARIABLES(each)                                                                \
  each(H5T_NATIVE_UCHAR_g) each(H5T_NATIVE_SCHAR_g) each(H5T_NATIVE_USHORT_g)          \
  each(H5T_NATIVE_SHORT_g) each(H5T_NATIVE_UINT_g) each(H5T_NATIVE_INT_g)              \
  each(H5T_NATIVE_ULLONG_g) each(H5T_NATIVE_LLONG_g) each(H5T_NATIVE_FLOAT_g)          \
  each(H5T_NATIVE_DOUBLE_g) each(H5T_C_S1_g) each(H5P_CLS_DATASET_CREATE_ID_g)         \
  each(H5P_CLS_LINK_CREATE_ID_g)

#define DECLARE_FUNCTION(name) __typeof__(&name) name##_;
#define DECLARE_VARIABLE(name) hid_t name##_;

static struct {
  FUNCTIONS(DECLARE_FUNCTION)
  VARIABLES(DECLARE_VARIABLE)
  char fault[DN_H5_MESSAGE];
} lib;

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

// The library prints its errors unless told not to, on each thread anew.
static void be_quiet(void) {
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

dn_h5_id dn_h5_open(const char *path) {
  be_quiet();
  return lib.H5Fopen_(path, 0, H5P_DEFAULT);
}

void dn_h5_close(dn_h5_id file) { lib.H5Fclose_(file); }

// Walking the groups. Links in a circle end with the depth.
typedef struct {
  dn_h5_visitor visit;
  void *context;
  int left, depth, steps;  // `steps` ends the walk where links make a maze
  char path[1024];
} walk;

static herr_t step(hid_t group, const char *name, const H5L_info_t *info, void *context) {
  walk *state = context;
  if (info->type != H5L_TYPE_HARD && info->type != H5L_TYPE_SOFT) return 0;
  if (state->left <= 0 || state->steps-- <= 0) return 1;
  hid_t object = lib.H5Oopen_(group, name, H5P_DEFAULT);
  if (object < 0) return 0;
  size_t length = strlen(state->path);
  int added = snprintf(state->path + length, sizeof state->path - length, "/%s", name);
  if (added > 0 && (size_t)added < sizeof state->path - length) {
    H5I_type_t type = lib.H5Iget_type_(object);
    if (type == H5I_DATASET) {
      state->left--;
      state->visit(state->context, state->path);
    } else if (type == H5I_GROUP && state->depth < 16) {
      state->depth++;
      lib.H5Literate_(object, H5_INDEX_NAME, H5_ITER_INC, NULL, step, state);
      state->depth--;
    }
  }
  state->path[length] = 0;
  lib.H5Oclose_(object);
  return state->left > 0 ? 0 : 1;
}

int dn_h5_list(dn_h5_id file, int limit, dn_h5_visitor visit, void *context) {
  be_quiet();
  walk state = {.visit = visit, .context = context, .left = limit, .steps = 100000};
  return lib.H5Literate_(file, H5_INDEX_NAME, H5_ITER_INC, NULL, step, &state) < 0 ? -1 : 0;
}

dn_h5_id dn_h5_object(dn_h5_id file, const char *path, int *is_dataset) {
  be_quiet();
  hid_t object = lib.H5Oopen_(file, path, H5P_DEFAULT);
  *is_dataset = object >= 0 && lib.H5Iget_type_(object) == H5I_DATASET;
  return object;
}

void dn_h5_close_object(dn_h5_id object) { lib.H5Oclose_(object); }

static int number_type(hid_t type) {
  size_t size = lib.H5Tget_size_(type);
  switch (lib.H5Tget_class_(type)) {
    case H5T_INTEGER:
    case H5T_BITFIELD: {
      int is_signed = lib.H5Tget_class_(type) == H5T_INTEGER && lib.H5Tget_sign_(type) == H5T_SGN_2;
      switch (size) {
        case 1: return is_signed ? DN_H5_INT8 : DN_H5_UINT8;
        case 2: return is_signed ? DN_H5_INT16 : DN_H5_UINT16;
        case 4: return is_signed ? DN_H5_INT32 : DN_H5_UINT32;
        case 8: return is_signed ? DN_H5_INT64 : DN_H5_UINT64;
        default: return DN_H5_OTHER;
      }
    }
    case H5T_FLOAT: return size == 2 ? DN_H5_FLOAT16 : size == 4 ? DN_H5_FLOAT32 : DN_H5_FLOAT64;
    case H5T_ENUM: return size == 1 ? DN_H5_BOOL : DN_H5_OTHER;
    case H5T_STRING: return DN_H5_STRING;
    case H5T_COMPOUND: return DN_H5_COMPOUND;
    default: return DN_H5_OTHER;
  }
}

int dn_h5_describe(dn_h5_id dataset, dn_h5_info *info) {
  be_quiet();
  hid_t space = lib.H5Dget_space_(dataset), type = lib.H5Dget_type_(dataset);
  int result = -1;
  if (space >= 0 && type >= 0) {
    hsize_t shape[DN_H5_RANK];
    info->rank = lib.H5Sget_simple_extent_ndims_(space);
    if (info->rank >= 0 && info->rank <= DN_H5_RANK &&
        lib.H5Sget_simple_extent_dims_(space, shape, NULL) >= 0) {
      for (int axis = 0; axis < info->rank; axis++) info->shape[axis] = shape[axis];
      info->type = number_type(type);
      result = 0;
    }
  }
  if (type >= 0) lib.H5Tclose_(type);
  if (space >= 0) lib.H5Sclose_(space);
  return result;
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

// A type of our own; to be closed. Truth values of h5py are an enumeration over bytes, which the
// library reads as such bytes.
static hid_t memory_type(int type) {
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

int64_t dn_h5_plain_offset(dn_h5_id dataset) {
  dn_h5_info info;
  if (dn_h5_describe(dataset, &info) < 0 || info.type < DN_H5_UINT8 || info.type > DN_H5_FLOAT64)
    return -1;
  // Chunked, compact and external data, and what was never written, have no offset.
  haddr_t offset = lib.H5Dget_offset_(dataset);
  if (offset == HADDR_UNDEF || offset > INT64_MAX) return -1;
  hid_t stored = lib.H5Dget_type_(dataset), own = memory_type(info.type);
  int is_same = stored >= 0 && own >= 0 && lib.H5Tequal_(stored, own) > 0;
  if (stored >= 0) lib.H5Tclose_(stored);
  if (own >= 0) lib.H5Tclose_(own);
  return is_same ? (int64_t)offset : -1;
}

enum { READ, WRITE };

// Whether a data set that lies in its own header has fewer bytes there than its shape takes.
static int is_cut(hid_t dataset, hid_t space) {
  hid_t type = lib.H5Dget_type_(dataset);
  uint64_t count = (uint64_t)lib.H5Sget_simple_extent_npoints_(space), bytes = 0;
  int overflows = type < 0 || __builtin_mul_overflow(count, lib.H5Tget_size_(type), &bytes);
  if (type >= 0) lib.H5Tclose_(type);
  return overflows || lib.H5Dget_storage_size_(dataset) < bytes;
}

// The shape of the chunks; 0 where they are larger than the data can ever be, which nobody can have
// written.
static int chunk_shape(hid_t creation, hid_t space, hsize_t chunk[DN_H5_RANK]) {
  hsize_t shape[DN_H5_RANK], most[DN_H5_RANK];
  int rank = lib.H5Pget_chunk_(creation, DN_H5_RANK, chunk);
  if (rank < 1 || rank > DN_H5_RANK || rank != lib.H5Sget_simple_extent_ndims_(space)) return 0;
  if (lib.H5Sget_simple_extent_dims_(space, shape, most) < 0) return 0;
  for (int axis = 0; axis < rank; axis++)
    if (chunk[axis] == 0 || (most[axis] != H5S_UNLIMITED && chunk[axis] > most[axis])) return 0;
  return 1;
}

// What of a data set is asked for.
typedef struct {
  int rank;
  const uint64_t *start, *count;
} block;

// Whether a stored chunk lies in the file and, where nothing packs it, is as long as its shape.
static int is_stored_whole(
    hid_t dataset, const hsize_t *corner, hsize_t file_size, hsize_t plain_size) {
  unsigned mask = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t size = 0;
  if (lib.H5Dget_chunk_info_by_coord_(dataset, corner, &mask, &address, &size) < 0) return 0;
  if (address == HADDR_UNDEF) return 1;  // never written: the fill value is read
  if (address > file_size || size > file_size - address) return 0;
  return plain_size == 0 || size == plain_size;
}

// Whether all chunks under a block are where the index says. The library takes the word of the
// index for how much memory a chunk needs.
static int has_sound_chunks(hid_t dataset, hid_t creation, hid_t space, const block *of) {
  hsize_t chunk[DN_H5_RANK], corner[DN_H5_RANK], file_size = 0, plain_size = 0;
  if (!chunk_shape(creation, space, chunk)) return 0;
  hid_t file = lib.H5Iget_file_id_(dataset), type = lib.H5Dget_type_(dataset);
  int is_known = file >= 0 && type >= 0 && lib.H5Fget_filesize_(file, &file_size) >= 0;
  if (is_known && lib.H5Pget_nfilters_(creation) == 0) {
    plain_size = lib.H5Tget_size_(type);
    for (int axis = 0; axis < of->rank; axis++) plain_size *= chunk[axis];
  }
  if (type >= 0) lib.H5Tclose_(type);
  if (file >= 0) lib.H5Fclose_(file);
  if (!is_known) return 0;
  for (int axis = 0; axis < of->rank; axis++) {
    if (of->count[axis] == 0) return 1;
    corner[axis] = of->start[axis] / chunk[axis] * chunk[axis];
  }
  for (;;) {
    if (!is_stored_whole(dataset, corner, file_size, plain_size)) return 0;
    int axis = of->rank - 1;
    for (; axis >= 0; axis--) {
      corner[axis] += chunk[axis];
      if (corner[axis] < of->start[axis] + of->count[axis]) break;
      corner[axis] = of->start[axis] / chunk[axis] * chunk[axis];
    }
    if (axis < 0) return 1;
  }
}

// Whether what the file says of a data set's layout can be: the library takes its word and would
// read behind its own buffers, or ask for more memory than there is.
static int is_sound(hid_t dataset, hid_t space, const block *of) {
  hid_t creation = lib.H5Dget_create_plist_(dataset);
  if (creation < 0) return 0;
  H5D_layout_t layout = lib.H5Pget_layout_(creation);
  int is_right = layout == H5D_COMPACT   ? !is_cut(dataset, space)
                 : layout == H5D_CHUNKED ? has_sound_chunks(dataset, creation, space, of)
                                         : 1;
  lib.H5Pclose_(creation);
  return is_right;
}

// Moves a block between the data set and memory.
static int transfer(
    int direction, dn_h5_id dataset, hid_t type, int rank, const uint64_t *start,
    const uint64_t *count, void *memory) {
  be_quiet();
  hsize_t from[DN_H5_RANK], size[DN_H5_RANK];
  if (rank < 0 || rank > DN_H5_RANK) return -1;
  for (int axis = 0; axis < rank; axis++) {
    from[axis] = start[axis];
    size[axis] = count[axis];
  }
  hid_t file_space = lib.H5Dget_space_(dataset);
  hid_t memory_space = rank ? lib.H5Screate_simple_(rank, size, NULL) : lib.H5Screate_(H5S_SCALAR);
  int result = -1;
  if (file_space >= 0 && memory_space >= 0 &&
      (direction == WRITE ||
       is_sound(dataset, file_space, &(block){rank, start, count})) &&
      (rank == 0 ||
       lib.H5Sselect_hyperslab_(file_space, H5S_SELECT_SET, from, NULL, size, NULL) >= 0)) {
    herr_t code = direction == READ
                      ? lib.H5Dread_(dataset, type, memory_space, file_space, H5P_DEFAULT, memory)
                      : lib.H5Dwrite_(dataset, type, memory_space, file_space, H5P_DEFAULT, memory);
    result = code < 0 ? -1 : 0;
  }
  if (memory_space >= 0) lib.H5Sclose_(memory_space);
  if (file_space >= 0) lib.H5Sclose_(file_space);
  return result;
}

int dn_h5_read_floats(
    dn_h5_id dataset, int rank, const uint64_t *start, const uint64_t *count, float *values) {
  dn_h5_info info;
  if (dn_h5_describe(dataset, &info) < 0) return -1;
  if (info.type != DN_H5_BOOL)
    return transfer(READ, dataset, lib.H5T_NATIVE_FLOAT_g_, rank, start, count, values);
  // An enumeration does not turn into floats: its own bytes are read and widened.
  size_t total = 1;
  for (int axis = 0; axis < rank; axis++) total *= count[axis];
  signed char *bytes = malloc(total ? total : 1);
  hid_t type = lib.H5Dget_type_(dataset);
  int result = bytes && type >= 0 ? transfer(READ, dataset, type, rank, start, count, bytes) : -1;
  for (size_t index = 0; result == 0 && index < total; index++) values[index] = bytes[index] != 0;
  if (type >= 0) lib.H5Tclose_(type);
  free(bytes);
  return result;
}

int dn_h5_read_doubles(dn_h5_id dataset, uint64_t start, uint64_t count, double *values) {
  return transfer(READ, dataset, lib.H5T_NATIVE_DOUBLE_g_, 1, &start, &count, values);
}

int dn_h5_numbers(dn_h5_id object, const char *name, double *values, int room) {
  be_quiet();
  if (lib.H5Aexists_(object, name) <= 0) return -1;
  hid_t attribute = lib.H5Aopen_(object, name, H5P_DEFAULT);
  if (attribute < 0) return -1;
  hid_t space = lib.H5Aget_space_(attribute), type = lib.H5Aget_type_(attribute);
  hssize_t count = space >= 0 ? lib.H5Sget_simple_extent_npoints_(space) : -1;
  H5T_class_t kind = type >= 0 ? lib.H5Tget_class_(type) : H5T_NO_CLASS;
  int result = -1;
  if (count > 0 && count <= room && (kind == H5T_INTEGER || kind == H5T_FLOAT) &&
      lib.H5Aread_(attribute, lib.H5T_NATIVE_DOUBLE_g_, values) >= 0)
    result = (int)count;
  if (type >= 0) lib.H5Tclose_(type);
  if (space >= 0) lib.H5Sclose_(space);
  lib.H5Aclose_(attribute);
  return result;
}

int dn_h5_text(dn_h5_id object, const char *name, char *text, int room) {
  be_quiet();
  if (room < 1 || lib.H5Aexists_(object, name) <= 0) return -1;
  hid_t attribute = lib.H5Aopen_(object, name, H5P_DEFAULT);
  if (attribute < 0) return -1;
  hid_t type = lib.H5Aget_type_(attribute), space = lib.H5Aget_space_(attribute);
  int result = -1;
  if (type >= 0 && space >= 0 && lib.H5Tget_class_(type) == H5T_STRING &&
      lib.H5Sget_simple_extent_npoints_(space) == 1) {
    if (lib.H5Tis_variable_str_(type) > 0) {
      char *value = NULL;
      if (lib.H5Aread_(attribute, type, &value) >= 0 && value) {
        snprintf(text, (size_t)room, "%s", value);
        result = (int)strlen(text);
        lib.H5free_memory_(value);
      }
    } else {
      size_t size = lib.H5Tget_size_(type);
      char *value = size < 1 << 20 ? calloc(size + 1, 1) : NULL;
      if (value && lib.H5Aread_(attribute, type, value) >= 0) {
        snprintf(text, (size_t)room, "%s", value);
        result = (int)strlen(text);
      }
      free(value);
    }
  }
  if (space >= 0) lib.H5Sclose_(space);
  if (type >= 0) lib.H5Tclose_(type);
  lib.H5Aclose_(attribute);
  return result;
}

dn_h5_id dn_h5_create(const char *path) {
  be_quiet();
  return lib.H5Fcreate_(path, 0x0002 /* truncate */, H5P_DEFAULT, H5P_DEFAULT);
}

dn_h5_id dn_h5_create_dataset(
    dn_h5_id file, const char *path, int type, int rank, const uint64_t *shape,
    const uint64_t *chunk, int level) {
  hsize_t size[DN_H5_RANK], piece[DN_H5_RANK];
  if (rank < 0 || rank > DN_H5_RANK) return -1;
  for (int axis = 0; axis < rank; axis++) {
    size[axis] = shape[axis];
    piece[axis] = chunk[axis];
  }
  hid_t number = memory_type(type);
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
  hid_t number = memory_type(type);
  if (number < 0) return -1;
  int result = transfer(WRITE, dataset, number, rank, start, count, (void *)bytes);
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
  return set_attribute(dataset, name, lib.H5T_NATIVE_DOUBLE_g_, count, values);
}

int dn_h5_set_text(dn_h5_id dataset, const char *name, const char *text) {
  hid_t type = lib.H5Tcopy_(lib.H5T_C_S1_g_);
  if (type < 0) return -1;
  int result = -1;
  if (lib.H5Tset_size_(type, strlen(text) + 1) >= 0 && lib.H5Tset_cset_(type, H5T_CSET_UTF8) >= 0)
    result = set_attribute(dataset, name, type, 0, text);
  lib.H5Tclose_(type);
  return result;
}

int dn_h5_flush(dn_h5_id file) { return lib.H5Fflush_(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : 0; }
