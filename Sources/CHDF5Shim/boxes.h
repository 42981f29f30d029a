// Blocks in boxes.
#pragma once
#include "CHDF5Shim.h"

// Cuts a block into boxes that end where the file's chunks end, so that none is unpacked twice.
typedef struct {
  int rank;
  const uint64_t *start, *count;  // the block
  uint64_t step[DN_H5_RANK];      // of a grid of boxes over the whole data set
  uint64_t corner[DN_H5_RANK];    // of the next box
  int is_over;
} dn_h5_boxes;

typedef struct {
  uint64_t start[DN_H5_RANK], count[DN_H5_RANK];
} dn_h5_box;

// Boxes of about `usual` elements, or of a chunk where that is larger, but of `most` at most.
dn_h5_boxes dn_h5_cut(
    int rank, const uint64_t *start, const uint64_t *count, const uint64_t *chunk, uint64_t usual,
    uint64_t most);
// The elements of the largest box.
uint64_t dn_h5_largest_box(const dn_h5_boxes *boxes);
// The next box: 1, or 0 where there is none left.
int dn_h5_next_box(dn_h5_boxes *boxes, dn_h5_box *box);
// Copies a box, of elements of `size` bytes, to its place in the block.
void dn_h5_place_box(
    const dn_h5_boxes *boxes, const dn_h5_box *box, size_t size, const void *from, void *block);
