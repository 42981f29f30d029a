#include "CJPEGShim.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
// After stdio.h, which it needs.
#include <jerror.h>
#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr errors;  // first, so that a pointer to it is a pointer to this
  jmp_buf escape;
  char *message;
} trouble;

static void fail(j_common_ptr jpeg) {
  trouble *state = (trouble *)jpeg->err;
  char text[JMSG_LENGTH_MAX];
  state->errors.format_message(jpeg, text);
  snprintf(state->message, DN_JPEG_MESSAGE, "%s", text);
  longjmp(state->escape, 1);
}

// A warning that pixels are missing or invented is an error; others are passed over.
static void warn(j_common_ptr jpeg, int level) {
  int code = jpeg->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE))
    fail(jpeg);
}

static void prepare(struct jpeg_decompress_struct *jpeg, trouble *state, char *message) {
  memset(jpeg, 0, sizeof *jpeg);
  message[0] = 0;
  jpeg->err = jpeg_std_error(&state->errors);
  state->errors.error_exit = fail;
  state->errors.emit_message = warn;
  state->message = message;
}

int dn_jpeg_describe(const uint8_t *file, size_t count, dn_jpeg_info *info, char *message) {
  struct jpeg_decompress_struct jpeg;
  trouble state;
  prepare(&jpeg, &state, message);
  if (setjmp(state.escape)) {
    jpeg_destroy_decompress(&jpeg);
    return -1;
  }
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, file, count);
  jpeg_read_header(&jpeg, TRUE);
  *info = (dn_jpeg_info){jpeg.image_width, jpeg.image_height, jpeg.num_components};
  jpeg_destroy_decompress(&jpeg);
  return 0;
}

int dn_jpeg_decode(
    const uint8_t *file, size_t count, uint8_t *pixels, size_t capacity, char *message) {
  struct jpeg_decompress_struct jpeg;
  trouble state;
  prepare(&jpeg, &state, message);
  if (setjmp(state.escape)) {
    jpeg_destroy_decompress(&jpeg);
    return -1;
  }
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, file, count);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&jpeg);
  size_t row = (size_t)jpeg.output_width * jpeg.output_components;
  if (capacity != row * jpeg.output_height) {
    snprintf(message, DN_JPEG_MESSAGE, "its header contradicts itself");
    jpeg_destroy_decompress(&jpeg);
    return -1;
  }
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW line = pixels + jpeg.output_scanline * row;
    jpeg_read_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return 0;
}
