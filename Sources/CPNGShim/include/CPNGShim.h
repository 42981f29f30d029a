// PNG by libpng, from memory to memory: libpng reports errors by longjmp, which must not cross Swift.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_PNG_MESSAGE = 160 };

// Unpacks a whole PNG file. Palettes become colours; samples of 1, 2 and 4 bits get a byte each and
// keep their values; 16 bits come in the machine's byte order; gamma and profiles change nothing.
// Alpha of palettes (tRNS) becomes a fourth channel; a grey or RGB transparent colour is left alone.
// `capacity` is the exact number of bytes expected: width * height * channels * (1 or 2).
// Gives back 0, or -1 with the reason in `message` (DN_PNG_MESSAGE bytes).
int dn_png_decode(const uint8_t *file, size_t count, uint8_t *pixels, size_t capacity, char *message);

typedef struct {
  uint32_t width, height;
  int channels;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  int depth;     // 8 or 16 bits a sample, in the machine's byte order
  const char *description;  // UTF-8 text chunk "Description", or NULL
  uint32_t dots_per_metre;  // written where positive
} dn_png_picture;

// Packs pixels as a PNG file. On success `*file` is to be released with dn_png_release.
// Gives back 0, or -1 with the reason in `message` (DN_PNG_MESSAGE bytes).
int dn_png_encode(
    const dn_png_picture *picture, const uint8_t *pixels, uint8_t **file, size_t *count,
    char *message);

void dn_png_release(uint8_t *file);
