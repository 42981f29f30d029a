#include "CPNGShim.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

// Everything that lives across a longjmp is in this struct, never in a local variable.
typedef struct {
  png_structp png;
  png_infop info;
  png_bytep *rows;
  char *message;
  const uint8_t *input;   // decoding: what is left of the file
  size_t left;
  uint8_t *output;        // encoding: the file so far
  size_t used, room;
} job;

static void fail(png_structp png, png_const_charp text) {
  job *work = png_get_error_ptr(png);
  strncpy(work->message, text, DN_PNG_MESSAGE - 1);
  work->message[DN_PNG_MESSAGE - 1] = 0;
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take(png_structp png, png_bytep bytes, size_t count) {
  job *work = png_get_io_ptr(png);
  if (count > work->left) png_error(png, "the file ends too early");
  memcpy(bytes, work->input, count);
  work->input += count;
  work->left -= count;
}

static void put(png_structp png, png_bytep bytes, size_t count) {
  job *work = png_get_io_ptr(png);
  if (work->used + count > work->room) {
    size_t room = (work->used + count) * 2;
    uint8_t *larger = realloc(work->output, room);
    if (!larger) png_error(png, "no memory");
    work->output = larger;
    work->room = room;
  }
  memcpy(work->output + work->used, bytes, count);
  work->used += count;
}

static void flush(png_structp png) { (void)png; }

static void point_at_rows(job *work, const uint8_t *pixels, size_t height, size_t stride) {
  work->rows = malloc(height * sizeof *work->rows);
  if (!work->rows) png_error(work->png, "no memory");
  for (size_t row = 0; row < height; row++) work->rows[row] = (png_bytep)pixels + row * stride;
}

static int is_little_endian(void) {
  const uint16_t one = 1;
  return *(const uint8_t *)&one;
}

static void decode(job *work, uint8_t *pixels, size_t capacity) {
  png_structp png = work->png;
  png_set_read_fn(png, work, take);
  // The caller has held the size against the memory there is.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png, work->info);
  int type = png_get_color_type(png, work->info), depth = png_get_bit_depth(png, work->info);
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_palette_to_rgb(png);
    if (png_get_valid(png, work->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
  } else if (depth < 8) {
    png_set_packing(png);
  }
  if (depth == 16 && is_little_endian()) png_set_swap(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, work->info);
  size_t height = png_get_image_height(png, work->info);
  size_t stride = png_get_rowbytes(png, work->info);
  if (height == 0 || stride != capacity / height || capacity % height)
    png_error(png, "its header contradicts itself");
  point_at_rows(work, pixels, height, stride);
  png_read_image(png, work->rows);
  png_read_end(png, NULL);
}

static void encode(job *work, const dn_png_picture *picture, const uint8_t *pixels) {
  static const int types[] = {
      PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  png_structp png = work->png;
  if (picture->channels < 1 || picture->channels > 4) png_error(png, "1 to 4 channels are possible");
  png_set_write_fn(png, work, put, flush);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
      png, work->info, picture->width, picture->height, picture->depth,
      types[picture->channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
      PNG_FILTER_TYPE_DEFAULT);
  if (picture->description) {
    png_text text = {
        .compression = PNG_ITXT_COMPRESSION_NONE, .key = "Description",
        .text = (png_charp)picture->description, .lang = NULL, .lang_key = NULL};
    png_set_text(png, work->info, &text, 1);
  }
  if (picture->dots_per_metre > 0)
    png_set_pHYs(
        png, work->info, picture->dots_per_metre, picture->dots_per_metre, PNG_RESOLUTION_METER);
  png_write_info(png, work->info);
  if (picture->depth == 16 && is_little_endian()) png_set_swap(png);
  size_t stride = (size_t)picture->width * picture->channels * (picture->depth / 8);
  point_at_rows(work, pixels, picture->height, stride);
  png_write_image(png, work->rows);
  png_write_end(png, NULL);
}

int dn_png_decode(const uint8_t *file, size_t count, uint8_t *pixels, size_t capacity, char *message) {
  job *work = &(job){.message = message, .input = file, .left = count};
  message[0] = 0;
  work->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, work, fail, ignore);
  if (!work->png) return -1;
  int result;
  if (setjmp(png_jmpbuf(work->png)) == 0) {
    work->info = png_create_info_struct(work->png);
    if (!work->info) png_error(work->png, "no memory");
    decode(work, pixels, capacity);
    result = 0;
  } else {
    result = -1;
  }
  free(work->rows);
  png_destroy_read_struct(&work->png, &work->info, NULL);
  return result;
}

int dn_png_encode(
    const dn_png_picture *picture, const uint8_t *pixels, uint8_t **file, size_t *count,
    char *message) {
  job *work = &(job){.message = message};
  message[0] = 0;
  *file = NULL;
  *count = 0;
  work->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, work, fail, ignore);
  if (!work->png) return -1;
  int result;
  if (setjmp(png_jmpbuf(work->png)) == 0) {
    work->info = png_create_info_struct(work->png);
    if (!work->info) png_error(work->png, "no memory");
    encode(work, picture, pixels);
    *file = work->output;
    *count = work->used;
    result = 0;
  } else {
    free(work->output);
    result = -1;
  }
  free(work->rows);
  png_destroy_write_struct(&work->png, &work->info);
  return result;
}

void dn_png_release(uint8_t *file) { free(file); }
