// Sizes of a layout, and the ways into and out of it.
#include <string.h>

#include "CSupport.h"
#include "strides.h"
#include "tensor_layout.h"
#include "vectors.h"

dn_strides dn_strides_of(const dn_layout *layout) {
  dn_strides s;
  s.lanes = layout->storage == DN_PLANAR ? 1 : DN_LANES;
  s.blocks = dn_ceil_div(layout->channels, s.lanes);
  s.row = (layout->size[2] + 2 * layout->halo[2]) * s.lanes;
  s.plane = (layout->size[1] + 2 * layout->halo[1]) * s.row;
  s.block = (layout->size[0] + 2 * layout->halo[0]) * s.plane;
  s.image = s.block * s.blocks;
  s.origin =
      layout->halo[0] * s.plane + layout->halo[1] * s.row + layout->halo[2] * s.lanes;
  s.element = layout->storage == DN_BLOCKED_BF16 ? 2 : 4;
  return s;
}

size_t dn_layout_bytes(const dn_layout *layout) {
  if (layout->batch < 1 || layout->channels < 1) return 0;
  int64_t limit = (int64_t)1 << 46;
  int64_t lanes = layout->storage == DN_PLANAR ? 1 : DN_LANES;
  if (layout->batch > limit || layout->channels > limit) return 0;
  int64_t element = layout->storage == DN_BLOCKED_BF16 ? 2 : 4;
  int64_t bytes = dn_round_up(layout->channels, lanes) * element;
  if (__builtin_mul_overflow(bytes, layout->batch, &bytes)) return 0;
  for (int axis = 0; axis < 3; axis++) {
    int64_t size = layout->size[axis], halo = layout->halo[axis];
    if (size < 1 || halo < 0 || size > limit || halo > limit) return 0;
    if (__builtin_mul_overflow(bytes, size + 2 * halo, &bytes) || bytes > limit) return 0;
  }
  return (size_t)bytes;
}

int64_t dn_layout_pixels(const dn_layout *layout) {
  return layout->size[0] * layout->size[1] * layout->size[2];
}

typedef struct conversion {
  const dn_layout *layout;
  dn_strides strides;
  float *plain;
  char *tensor;
  bool inward;
} conversion;

static void clear_block_halo(const dn_layout *layout, const dn_strides *s, char *block) {
  int64_t row = s->row * s->element, side = layout->halo[2] * s->lanes * s->element;
  int64_t depth = layout->size[0] + 2 * layout->halo[0];
  int64_t height = layout->size[1] + 2 * layout->halo[1];
  for (int64_t z = 0; z < depth; z++) {
    char *plane = block + z * height * row;
    if (z < layout->halo[0] || z >= depth - layout->halo[0]) {
      memset(plane, 0, (size_t)(height * row));
      continue;
    }
    int64_t edge = layout->halo[1];
    memset(plane, 0, (size_t)(edge * row));
    memset(plane + (height - edge) * row, 0, (size_t)(edge * row));
    if (side == 0) continue;
    for (int64_t y = edge; y < height - edge; y++) {
      memset(plane + y * row, 0, (size_t)side);
      memset(plane + (y + 1) * row - side, 0, (size_t)side);
    }
  }
}

static void convert_row(const conversion *job, char *row, int64_t pixel, int64_t channel) {
  const dn_layout *layout = job->layout;
  int64_t lanes = job->strides.lanes, width = layout->size[2];
  int64_t pixels = dn_layout_pixels(layout);
  for (int64_t lane = 0; lane < lanes; lane++) {
    bool padding = channel + lane >= layout->channels;
    if (padding && !job->inward) return;
    float *plain = padding ? NULL : job->plain + lane * pixels + pixel;
    for (int64_t x = 0; x < width; x++) {
      int64_t at = x * lanes + lane;
      if (layout->storage == DN_BLOCKED_BF16) {
        uint16_t *number = (uint16_t *)row + at;
        if (job->inward) *number = plain ? bf16_of_float(plain[x]) : 0;
        else plain[x] = float_of_bf16(*number);
      } else {
        float *number = (float *)row + at;
        if (job->inward) *number = plain ? plain[x] : 0;
        else plain[x] = *number;
      }
    }
  }
}

// One block of one image.
static void convert_block(void *context, int64_t index) {
  conversion job = *(const conversion *)context;
  const dn_layout *layout = job.layout;
  const dn_strides *s = &job.strides;
  int64_t image = index / s->blocks, block = index % s->blocks, channel = block * s->lanes;
  job.plain += (image * layout->channels + channel) * dn_layout_pixels(layout);
  char *base = job.tensor + (image * s->image + block * s->block) * s->element;
  if (job.inward) clear_block_halo(layout, s, base);
  for (int64_t z = 0; z < layout->size[0]; z++)
    for (int64_t y = 0; y < layout->size[1]; y++) {
      char *row = base + (s->origin + z * s->plane + y * s->row) * s->element;
      convert_row(&job, row, (z * layout->size[1] + y) * layout->size[2], channel);
    }
}

static void convert(const dn_layout *layout, float *plain, void *tensor, bool inward) {
  conversion job = {layout, dn_strides_of(layout), plain, tensor, inward};
  dn_parallel(layout->batch * job.strides.blocks, convert_block, &job);
}

void dn_import(const dn_layout *layout, const float *plain, void *tensor) {
  convert(layout, (float *)plain, tensor, true);
}

void dn_export(const dn_layout *layout, const void *tensor, float *plain) {
  convert(layout, plain, (void *)tensor, false);
}

static void clear_item(void *context, int64_t index) {
  const conversion *job = context;
  clear_block_halo(
      job->layout, &job->strides, job->tensor + index * job->strides.block * job->strides.element);
}

void dn_clear_halo(const dn_layout *layout, void *tensor) {
  conversion job = {layout, dn_strides_of(layout), NULL, tensor, true};
  dn_parallel(layout->batch * job.strides.blocks, clear_item, &job);
}

void dn_from_bf16(int64_t count, const uint16_t *from, float *to) {
  for (int64_t i = 0; i < count; i++) to[i] = float_of_bf16(from[i]);
}

void dn_to_bf16(int64_t count, const float *from, uint16_t *to) {
  for (int64_t i = 0; i < count; i++) to[i] = bf16_of_float(from[i]);
}
