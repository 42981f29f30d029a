// Reading files: groups, data sets and attributes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

dn_h5_id dn_h5_open(const char *path) {
  dn_h5_be_quiet();
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
  dn_h5_be_quiet();
  walk state = {.visit = visit, .context = context, .left = limit, .steps = 100000};
  return lib.H5Literate_(file, H5_INDEX_NAME, H5_ITER_INC, NULL, step, &state) < 0 ? -1 : 0;
}

dn_h5_id dn_h5_object(dn_h5_id file, const char *path, int *is_dataset) {
  dn_h5_be_quiet();
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
  dn_h5_be_quiet();
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

int64_t dn_h5_plain_offset(dn_h5_id dataset) {
  dn_h5_info info;
  if (dn_h5_describe(dataset, &info) < 0 || info.type < DN_H5_UINT8 || info.type > DN_H5_FLOAT64)
    return -1;
  // Chunked, compact and external data, and what was never written, have no offset.
  haddr_t offset = lib.H5Dget_offset_(dataset);
  if (offset == HADDR_UNDEF || offset > INT64_MAX) return -1;
  hid_t stored = lib.H5Dget_type_(dataset), own = dn_h5_memory_type(info.type);
  int is_same = stored >= 0 && own >= 0 && lib.H5Tequal_(stored, own) > 0;
  if (stored >= 0) lib.H5Tclose_(stored);
  if (own >= 0) lib.H5Tclose_(own);
  return is_same ? (int64_t)offset : -1;
}

int dn_h5_read_floats(
    dn_h5_id dataset, int rank, const uint64_t *start, const uint64_t *count, float *values) {
  const dn_h5_block block = {rank, start, count};
  dn_h5_info info;
  if (dn_h5_describe(dataset, &info) < 0) return -1;
  if (info.type != DN_H5_BOOL)
    return dn_h5_transfer(DN_H5_READ, dataset, lib.H5T_NATIVE_FLOAT_g_, &block, values);
  // An enumeration does not turn into floats: its own bytes are read and widened.
  size_t total = 1;
  for (int axis = 0; axis < rank; axis++) total *= count[axis];
  signed char *bytes = malloc(total ? total : 1);
  hid_t type = lib.H5Dget_type_(dataset);
  int result = bytes && type >= 0 ? dn_h5_transfer(DN_H5_READ, dataset, type, &block, bytes) : -1;
  for (size_t index = 0; result == 0 && index < total; index++) values[index] = bytes[index] != 0;
  if (type >= 0) lib.H5Tclose_(type);
  free(bytes);
  return result;
}

int dn_h5_read_doubles(dn_h5_id dataset, uint64_t start, uint64_t count, double *values) {
  const dn_h5_block block = {1, &start, &count};
  return dn_h5_transfer(DN_H5_READ, dataset, lib.H5T_NATIVE_DOUBLE_g_, &block, values);
}

int dn_h5_numbers(dn_h5_id object, const char *name, double *values, int room) {
  dn_h5_be_quiet();
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
  dn_h5_be_quiet();
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
