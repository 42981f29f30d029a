// Cutting blocks into boxes, and putting boxes together.
#include "boxes.h"

#include <string.h>

static uint64_t least(uint64_t left, uint64_t right) { return left < right ? left : right; }

// How far a step reaches along an axis of the block.
static uint64_t reach(const dn_h5_boxes *boxes, int axis) {
  return least(boxes->step[axis], boxes->count[axis]);
}

uint64_t dn_h5_largest_box(const dn_h5_boxes *boxes) {
  uint64_t elements = 1;
  for (int axis = 0; axis < boxes->rank; axis++) elements *= reach(boxes, axis);
  return elements;
}

static void shrink(dn_h5_boxes *boxes, uint64_t most) {
  for (int axis = 0; axis < boxes->rank; axis++)
    while (reach(boxes, axis) > 1 && dn_h5_largest_box(boxes) > most)
      boxes->step[axis] = reach(boxes, axis) / 2;
}

// Takes as many chunks as there is room for, along the last axes first.
static void grow(dn_h5_boxes *boxes, uint64_t usual) {
  for (int axis = boxes->rank - 1; axis >= 0; axis--) {
    const uint64_t across = dn_h5_largest_box(boxes) / reach(boxes, axis);
    if (boxes->count[axis] > usual / across) {
      const uint64_t times = usual / across / boxes->step[axis];
      if (times > 1) boxes->step[axis] *= times;
      return;
    }
    boxes->step[axis] = boxes->start[axis] + boxes->count[axis];
  }
}

dn_h5_boxes dn_h5_cut(
    int rank, const uint64_t *start, const uint64_t *count, const uint64_t *chunk, uint64_t usual,
    uint64_t most) {
  dn_h5_boxes boxes = {.rank = rank, .start = start, .count = count};
  for (int axis = 0; axis < rank; axis++) {
    const uint64_t whole = start[axis] + count[axis];
    boxes.step[axis] = chunk[axis] > 0 ? least(chunk[axis], whole) : 1;
    boxes.corner[axis] = start[axis];
    if (count[axis] == 0) boxes.is_over = 1;
  }
  if (boxes.is_over) return boxes;
  shrink(&boxes, most);
  grow(&boxes, usual);
  return boxes;
}

int dn_h5_next_box(dn_h5_boxes *boxes, dn_h5_box *box) {
  if (boxes->is_over) return 0;
  for (int axis = 0; axis < boxes->rank; axis++) {
    const uint64_t corner = boxes->corner[axis], step = boxes->step[axis];
    box->start[axis] = corner;
    box->count[axis] =
        least(step - corner % step, boxes->start[axis] + boxes->count[axis] - corner);
  }
  int axis = boxes->rank - 1;
  for (; axis >= 0; axis--) {
    boxes->corner[axis] += box->count[axis];
    if (boxes->corner[axis] < boxes->start[axis] + boxes->count[axis]) break;
    boxes->corner[axis] = boxes->start[axis];
  }
  boxes->is_over = axis < 0;
  return 1;
}

void dn_h5_place_box(
    const dn_h5_boxes *boxes, const dn_h5_box *box, size_t size, const void *from, void *block) {
  // Inner axes that the box takes whole lie together in the block, and one more axis with them.
  int outer = boxes->rank;
  size_t run = size;
  while (outer > 0) {
    outer--;
    run *= box->count[outer];
    if (box->count[outer] != boxes->count[outer]) break;
  }
  uint64_t index[DN_H5_RANK] = {0};
  const char *source = from;
  for (;;) {
    uint64_t place = 0;
    for (int axis = 0; axis < boxes->rank; axis++)
      place = place * boxes->count[axis] + box->start[axis] - boxes->start[axis] + index[axis];
    memcpy((char *)block + place * size, source, run);
    source += run;
    int axis = outer - 1;
    for (; axis >= 0; axis--) {
      if (++index[axis] < box->count[axis]) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
