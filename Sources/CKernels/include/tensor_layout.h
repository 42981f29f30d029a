// How a batch of images lies in memory.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dn_storage {
  DN_PLANAR = 0,        // float32, [batch][channels][depth][height][width]: few channels
  DN_BLOCKED = 1,       // float32, [batch][channels/16][depth][height][width][16]
  DN_BLOCKED_BF16 = 2,  // bfloat16, same order as DN_BLOCKED
} dn_storage;

enum { DN_LANES = 16 };  // channels in a block

// A batch of 1-D, 2-D or 3-D images. Axes are depth, height, width; an axis that is not used has
// size 1 and halo 0. Each spatial axis is stored with `halo` extra elements at both ends, which
// are zero whenever a convolution reads the tensor. Channels of a blocked tensor are padded with
// zeros to a multiple of 16.
typedef struct dn_layout {
  dn_storage storage;
  int64_t batch, channels;
  int64_t size[3];
  int64_t halo[3];
} dn_layout;

// Bytes of the tensor, halo and padding included; 0 where the layout is not valid (a size below 1,
// a negative halo, or more bytes than fit).
size_t dn_layout_bytes(const dn_layout *layout);

// Pixels of one channel of one image, without halo.
int64_t dn_layout_pixels(const dn_layout *layout);

// Fills the tensor from plain numbers [batch][channels][depth][height][width], halo and padding
// with zeros; and the way back.
void dn_import(const dn_layout *layout, const float *plain, void *tensor);
void dn_export(const dn_layout *layout, const void *tensor, float *plain);

// Numbers of bfloat16 to float32, and back (to the nearest, ties to even).
void dn_from_bf16(int64_t count, const uint16_t *from, float *to);
void dn_to_bf16(int64_t count, const float *from, uint16_t *to);

// Sets the halo to zero and leaves the rest: for a buffer that held something else before.
void dn_clear_halo(const dn_layout *layout, void *tensor);
