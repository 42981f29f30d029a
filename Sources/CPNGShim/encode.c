#include "CPNGEncode.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} sink;

static void append(png_structp png, png_bytep data, png_size_t length) {
  sink *s = png_get_io_ptr(png);
  if (length > s->capacity - s->count) {
    size_t capacity = (s->capacity + length) * 2;
    uint8_t *bytes = realloc(s->bytes, capacity);
    if (!bytes) png_error(png, "out of memory");
    s->bytes = bytes;
    s->capacity = capacity;
  }
  memcpy(s->bytes + s->count, data, length);
  s->count += length;
}

static void flush(png_structp png) { (void)png; }
static void silent(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}
static void fail(png_structp png, png_const_charp text) {
  (void)text;
  longjmp(png_jmpbuf(png), 1);
}

static void write_rows(
    png_structp png, const uint8_t *pixels, uint32_t rows, size_t row_bytes, int bits) {
  if (bits == 16) {
    // The format is big endian; the pixels are in this machine's order.
    const uint16_t probe = 1;
    if (*(const uint8_t *)&probe) png_set_swap(png);
  }
  for (uint32_t row = 0; row < rows; row++) png_write_row(png, pixels + row * row_bytes);
}

int dn_png_encode(
    const void *pixels, uint32_t columns, uint32_t rows, int channels, int bits,
    uint32_t dots_per_metre, uint8_t **bytes, size_t *count) {
  sink out = {0};
  sink *volatile kept = &out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, silent);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return -1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(kept->bytes);
    return -1;
  }
  png_set_write_fn(png, &out, append, flush);
  png_set_IHDR(
      png, info, columns, rows, bits, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (dots_per_metre)
    png_set_pHYs(png, info, dots_per_metre, dots_per_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  write_rows(png, pixels, rows, (size_t)columns * (size_t)channels * (size_t)(bits / 8), bits);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *bytes = out.bytes;
  *count = out.count;
  return 0;
}
