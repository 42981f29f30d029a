// Whether a data set is where and as large as its header says.
#include <stdlib.h>
#include <zlib.h>

#include "reader.h"

// Whether a data set that lies in its own header has fewer bytes there than its shape takes.
static int is_cut(hid_t dataset, hid_t space) {
  hid_t type = lib.H5Dget_type_(dataset);
  uint64_t count = (uint64_t)lib.H5Sget_simple_extent_npoints_(space), bytes = 0;
  int overflows = type < 0 || __builtin_mul_overflow(count, lib.H5Tget_size_(type), &bytes);
  if (type >= 0) lib.H5Tclose_(type);
  return overflows || lib.H5Dget_storage_size_(dataset) < bytes;
}

enum { LARGEST_TRIAL = 64 << 20 };

// What a file says of the chunks of a data set.
typedef struct {
  hid_t dataset, creation;
  int rank;
  hsize_t shape[DN_H5_RANK];
  hsize_t bytes;  // of one, unpacked
  hsize_t file_size;
  int is_packed;
} chunks;

// The shape of the chunks; 0 where they are larger than the data can ever be, which nobody can have
// written.
static int chunk_shape(chunks *all, hid_t space) {
  hsize_t shape[DN_H5_RANK], most[DN_H5_RANK];
  all->rank = lib.H5Pget_chunk_(all->creation, DN_H5_RANK, all->shape);
  if (all->rank < 1 || all->rank > DN_H5_RANK) return 0;
  if (all->rank != lib.H5Sget_simple_extent_ndims_(space)) return 0;
  if (lib.H5Sget_simple_extent_dims_(space, shape, most) < 0) return 0;
  for (int axis = 0; axis < all->rank; axis++) {
    const hsize_t side = all->shape[axis];
    if (side == 0 || (most[axis] != H5S_UNLIMITED && side > most[axis])) return 0;
  }
  return 1;
}

static int chunk_sizes(chunks *all) {
  hid_t file = lib.H5Iget_file_id_(all->dataset), type = lib.H5Dget_type_(all->dataset);
  int is_known = file >= 0 && type >= 0 && lib.H5Fget_filesize_(file, &all->file_size) >= 0;
  if (is_known) {
    all->bytes = lib.H5Tget_size_(type);
    for (int axis = 0; axis < all->rank && is_known; axis++)
      is_known = !__builtin_mul_overflow(all->bytes, all->shape[axis], &all->bytes);
    all->is_packed = lib.H5Pget_nfilters_(all->creation) != 0;
  }
  if (type >= 0) lib.H5Tclose_(type);
  if (file >= 0) lib.H5Fclose_(file);
  return is_known;
}

static int filter(const chunks *all, int index) {
  unsigned flags = 0, settings = 0;
  size_t numbers = 0;
  return lib.H5Pget_filter2_(
      all->creation, (unsigned)index, &flags, &numbers, NULL, 0, NULL, &settings);
}

// Whether what is stored of a chunk is what deflate made of it: nothing before deflate changes the
// length, and only a checksum stands behind it.
static int is_deflated(const chunks *all, unsigned left_out) {
  unsigned options = 0;
  // Chunks at the edge may be stored as they are.
  if (lib.H5Pget_chunk_opts_(all->creation, &options) < 0 || options != 0) return 0;
  const int count = lib.H5Pget_nfilters_(all->creation);
  int index = 0;
  while (index < count && filter(all, index) == H5Z_FILTER_SHUFFLE) index++;
  if (index == count || filter(all, index) != H5Z_FILTER_DEFLATE || left_out >> index & 1) return 0;
  while (++index < count)
    if (filter(all, index) != H5Z_FILTER_FLETCHER32) return 0;
  return 1;
}

// How many bytes deflate makes of some, counting no further than just beyond `most`.
static hsize_t unpacked_length(uint8_t *bytes, hsize_t count, hsize_t most) {
  uint8_t room[1 << 14];
  z_stream stream = {.next_in = bytes, .avail_in = (uInt)count};
  if (count > UINT32_MAX || inflateInit(&stream) != Z_OK) return 0;
  int code = Z_OK;
  while (code == Z_OK && stream.total_out <= most) {
    stream.next_out = room;
    stream.avail_out = sizeof room;
    code = inflate(&stream, Z_NO_FLUSH);
  }
  const hsize_t length = stream.total_out;
  inflateEnd(&stream);
  return length;
}

// Whether a packed chunk has the length of its shape; the library does not ask and reads on behind a
// shorter one. Only the first that is read of a data set is unpacked for this, as a shape that is wrong
// is so for all, and none that would take long.
static int unpacks_whole(const chunks *all, const hsize_t *corner, hsize_t size) {
  static hid_t known = -1;
  if (known == all->dataset || all->bytes > LARGEST_TRIAL) return 1;
  uint8_t *bytes = malloc(size);
  uint32_t left_out = 0;
  int is_whole =
      bytes && lib.H5Dread_chunk_(all->dataset, H5P_DEFAULT, corner, &left_out, bytes) >= 0;
  if (is_whole && is_deflated(all, left_out))
    is_whole = unpacked_length(bytes, size, all->bytes) == all->bytes;
  free(bytes);
  if (is_whole) known = all->dataset;
  return is_whole;
}

// Whether there is a chunk, which for one of no bytes only an attempt to read it tells.
static int is_stored(const chunks *all, const hsize_t *corner) {
  uint32_t left_out = 0;
  uint8_t none;
  return lib.H5Dread_chunk_(all->dataset, H5P_DEFAULT, corner, &left_out, &none) >= 0;
}

// Whether a chunk is as long as its shape, or at least not longer than the file. Where it lies is
// left to the library, which refuses what lies beyond the end; to ask for it takes as long as there
// are chunks in the file.
static int is_stored_whole(const chunks *all, const hsize_t *corner) {
  hsize_t size = 0;
  if (lib.H5Dget_chunk_storage_size_(all->dataset, corner, &size) < 0) return 0;
  if (size == 0) return !is_stored(all, corner);  // never written: the fill value is read
  if (size > all->file_size) return 0;
  dn_h5_allow_time(size);
  return all->is_packed ? unpacks_whole(all, corner, size) : size == all->bytes;
}

// Whether all chunks under a block can be as the index says. The library takes the word of the index
// for how much memory a chunk needs.
static int has_sound_chunks(chunks *all, hid_t space, const dn_h5_block *of) {
  hsize_t corner[DN_H5_RANK];
  if (!chunk_shape(all, space) || !chunk_sizes(all)) return 0;
  dn_h5_allow_memory(all->bytes);
  for (int axis = 0; axis < of->rank; axis++) {
    if (of->count[axis] == 0) return 1;
    corner[axis] = of->start[axis] / all->shape[axis] * all->shape[axis];
  }
  for (;;) {
    if (!is_stored_whole(all, corner)) return 0;
    int axis = of->rank - 1;
    for (; axis >= 0; axis--) {
      corner[axis] += all->shape[axis];
      if (corner[axis] < of->start[axis] + of->count[axis]) break;
      corner[axis] = of->start[axis] / all->shape[axis] * all->shape[axis];
    }
    if (axis < 0) return 1;
  }
}

int dn_h5_is_sound(hid_t dataset, hid_t space, const dn_h5_block *of) {
  hid_t creation = lib.H5Dget_create_plist_(dataset);
  if (creation < 0) return 0;
  H5D_layout_t layout = lib.H5Pget_layout_(creation);
  chunks all = {.dataset = dataset, .creation = creation};
  int is_right = layout == H5D_COMPACT   ? !is_cut(dataset, space)
                 : layout == H5D_CHUNKED ? has_sound_chunks(&all, space, of)
                                         : 1;
  lib.H5Pclose_(creation);
  return is_right;
}
