// Whether a data set is where and as large as its header says.
#include "library.h"

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
static int has_sound_chunks(hid_t dataset, hid_t creation, hid_t space, const dn_h5_block *of) {
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

int dn_h5_is_sound(hid_t dataset, hid_t space, const dn_h5_block *of) {
  hid_t creation = lib.H5Dget_create_plist_(dataset);
  if (creation < 0) return 0;
  H5D_layout_t layout = lib.H5Pget_layout_(creation);
  int is_right = layout == H5D_COMPACT   ? !is_cut(dataset, space)
                 : layout == H5D_CHUNKED ? has_sound_chunks(dataset, creation, space, of)
                                         : 1;
  lib.H5Pclose_(creation);
  return is_right;
}
