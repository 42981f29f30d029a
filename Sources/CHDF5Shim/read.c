// Reading files: groups, data sets and attributes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

hid_t dn_h5_open_here(const char *path) {
  dn_h5_be_quiet();
  return lib.H5Fopen_(path, 0, H5P_DEFAULT);
}

// Walking the groups. Links in a circle end with the depth.
typedef struct {
  int left, depth, steps;  // `steps` ends the walk where links make a maze
  char path[1024];
  char *found;
  uint32_t length, room;
} walk;

static void keep(walk *state) {
  const uint32_t length = (uint32_t)strlen(state->path) + 1;
  if (state->length + length > state->room) {
    char *found = realloc(state->found, 2 * state->room + length);
    if (!found) return;
    state->found = found;
    state->room = 2 * state->room + length;
  }
  memcpy(state->found + state->length, state->path, length);
  state->length += length;
}

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
      keep(state);
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

uint32_t dn_h5_list_here(hid_t file, int limit, char **paths) {
  walk state = {.left = limit, .steps = 100000};
  lib.H5Literate_(file, H5_INDEX_NAME, H5_ITER_INC, NULL, step, &state);
  *paths = state.found;
  return state.length;
}

// The library sets memory of the size of an element aside, whatever a header says that it is.
enum { LARGEST_NUMBER = 16 };

static int float_type(size_t size) {
  if (size > LARGEST_NUMBER) return DN_H5_OTHER;
  return size == 2 ? DN_H5_FLOAT16 : size == 4 ? DN_H5_FLOAT32 : DN_H5_FLOAT64;
}

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
    case H5T_FLOAT: return float_type(size);
    case H5T_ENUM: return size == 1 ? DN_H5_BOOL : DN_H5_OTHER;
    case H5T_STRING: return DN_H5_STRING;
    case H5T_COMPOUND: return DN_H5_COMPOUND;
    default: return DN_H5_OTHER;
  }
}

static int describe(hid_t dataset, dn_h5_info *info) {
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

static void describe_chunks(hid_t dataset, dn_h5_info *info) {
  hsize_t chunk[DN_H5_RANK];
  hid_t creation = lib.H5Dget_create_plist_(dataset);
  int is_chunked = creation >= 0 && lib.H5Pget_layout_(creation) == H5D_CHUNKED &&
                   lib.H5Pget_chunk_(creation, DN_H5_RANK, chunk) == info->rank;
  for (int axis = 0; axis < info->rank; axis++) info->chunk[axis] = is_chunked ? chunk[axis] : 1;
  if (creation >= 0) lib.H5Pclose_(creation);
}

static int64_t plain_offset(hid_t dataset, const dn_h5_info *info) {
  if (info->type < DN_H5_UINT8 || info->type > DN_H5_FLOAT64) return -1;
  // Chunked, compact and external data, and what was never written, have no offset.
  haddr_t offset = lib.H5Dget_offset_(dataset);
  if (offset == HADDR_UNDEF || offset > INT64_MAX) return -1;
  hid_t stored = lib.H5Dget_type_(dataset), own = dn_h5_memory_type(info->type);
  int is_same = stored >= 0 && own >= 0 && lib.H5Tequal_(stored, own) > 0;
  if (stored >= 0) lib.H5Tclose_(stored);
  if (own >= 0) lib.H5Tclose_(own);
  return is_same ? (int64_t)offset : -1;
}

hid_t dn_h5_object_here(hid_t file, const char *path, dn_h5_info *info) {
  hid_t object = lib.H5Oopen_(file, path, H5P_DEFAULT);
  memset(info, 0, sizeof *info);
  info->offset = -1;
  if (object < 0 || lib.H5Iget_type_(object) != H5I_DATASET) return object;
  info->is_dataset = 1;
  if (describe(object, info) < 0) {
    info->type = DN_H5_OTHER;
    info->rank = 0;
    return object;
  }
  describe_chunks(object, info);
  info->offset = plain_offset(object, info);
  return object;
}

// An enumeration does not turn into floats: its own bytes are read and widened.
static int read_truths(hid_t dataset, hid_t type, const dn_h5_block *block, float *values) {
  size_t total = 1;
  for (int axis = 0; axis < block->rank; axis++) total *= block->count[axis];
  signed char *bytes = malloc(total ? total : 1);
  int result = bytes ? dn_h5_transfer(DN_H5_READ, dataset, type, block, bytes) : -1;
  for (size_t index = 0; result == 0 && index < total; index++) values[index] = bytes[index] != 0;
  free(bytes);
  return result;
}

int dn_h5_read_here(hid_t dataset, int type, const dn_h5_block *block, void *values) {
  hid_t stored = lib.H5Dget_type_(dataset);
  if (stored < 0) return -1;
  const int number = number_type(stored), is_double = type == DN_H5_FLOAT64;
  const hid_t own = is_double ? lib.H5T_NATIVE_DOUBLE_g_ : lib.H5T_NATIVE_FLOAT_g_;
  int result = -1;
  if (number == DN_H5_BOOL && !is_double) result = read_truths(dataset, stored, block, values);
  else if (number >= DN_H5_UINT8 && number <= DN_H5_FLOAT64)
    result = dn_h5_transfer(DN_H5_READ, dataset, own, block, values);
  lib.H5Tclose_(stored);
  return result;
}

int dn_h5_numbers_here(hid_t object, const char *name, double *values, int room) {
  if (lib.H5Aexists_(object, name) <= 0) return -1;
  hid_t attribute = lib.H5Aopen_(object, name, H5P_DEFAULT);
  if (attribute < 0) return -1;
  hid_t space = lib.H5Aget_space_(attribute), type = lib.H5Aget_type_(attribute);
  hssize_t count = space >= 0 ? lib.H5Sget_simple_extent_npoints_(space) : -1;
  H5T_class_t kind = type >= 0 ? lib.H5Tget_class_(type) : H5T_NO_CLASS;
  int result = -1;
  if (count > 0 && count <= room && (kind == H5T_INTEGER || kind == H5T_FLOAT) &&
      lib.H5Tget_size_(type) <= LARGEST_NUMBER &&
      lib.H5Aread_(attribute, lib.H5T_NATIVE_DOUBLE_g_, values) >= 0)
    result = (int)count;
  if (type >= 0) lib.H5Tclose_(type);
  if (space >= 0) lib.H5Sclose_(space);
  lib.H5Aclose_(attribute);
  return result;
}

int dn_h5_text_here(hid_t object, const char *name, char *text, int room) {
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
