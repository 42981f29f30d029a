// JPEG by libjpeg, from memory: the library reports errors by a function that must not return.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_JPEG_MESSAGE = 200 };

typedef struct {
  uint32_t width, height;
  int components;  // 1 grey, 3 colour (RGB once unpacked), 4 CMYK
} dn_jpeg_info;

// Reads the header. 0, or -1 with the reason in `message` (DN_JPEG_MESSAGE bytes).
int dn_jpeg_describe(const uint8_t *file, size_t count, dn_jpeg_info *info, char *message);

// Unpacks grey or RGB pixels, their samples together; `capacity` is width * height * components.
// A file that ends too early is an error. 0, or -1 with the reason in `message`.
int dn_jpeg_decode(
    const uint8_t *file, size_t count, uint8_t *pixels, size_t capacity, char *message);
