// TIFF by libtiff: its functions with variable arguments, which Swift cannot call, and its errors
// as text. Nothing here outlives its handle.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_TIFF_MESSAGE = 200 };

typedef struct dn_tiff dn_tiff;

// What one page (directory) says.
typedef struct {
  uint32_t width, height;
  uint16_t bits;         // of a sample
  uint16_t samples;      // of a pixel
  uint16_t format;       // 1 unsigned, 2 signed, 3 floating point, 4 void, 5 and 6 complex
  uint16_t photometric;  // 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr
  uint16_t planar;       // 1 samples of a pixel together, 2 a plane each
  uint16_t compression;
  uint16_t alpha;        // 1 where the last sample is transparency
  uint32_t reduced;      // 1 where the page is a smaller copy of another
  uint32_t strips;       // strips or tiles; 1 where all pixels lie together
  uint64_t first_strip;  // where the first strip lies in the file
  int plain;             // 1 where all pixels lie from there on, unpacked, row after row
  float x_resolution, y_resolution;  // pixels per unit; 0 where unknown
  uint16_t resolution_unit;          // 1 none, 2 inch, 3 centimetre
  int big_endian;
} dn_tiff_page;

// Opens a file for reading, by name or from memory (which is copied). NULL with the reason in
// `message`, which takes DN_TIFF_MESSAGE bytes.
dn_tiff *dn_tiff_open(const char *path, char *message);
dn_tiff *dn_tiff_open_bytes(const uint8_t *bytes, size_t count, char *message);
void dn_tiff_close(dn_tiff *file);

// The reason of the latest failure.
const char *dn_tiff_message(const dn_tiff *file);

// Pages in the file, counted when it was opened.
uint32_t dn_tiff_pages(const dn_tiff *file);

// 0, or -1 where the page cannot be read.
int dn_tiff_describe(dn_tiff *file, uint32_t page, dn_tiff_page *info);

// The text of tag ImageDescription of the described page, or NULL; good until the next call.
const char *dn_tiff_description(dn_tiff *file);

// The colour map of the described page: 3 * 2^bits entries, reds first; -1 where there is none.
int dn_tiff_palette(dn_tiff *file, uint16_t *entries, size_t count);

// Bytes of one row: of all samples of its pixels, or of one plane's. 0 where that is impossible.
size_t dn_tiff_row_bytes(dn_tiff *file);

// Unpacks `rows` rows from `first` on of the described page, in the machine's byte order.
// `plane` is the sample where planes are separate, else 0; `capacity` is rows * row bytes.
// 0, or -1 where the pixels are damaged.
int dn_tiff_read(
    dn_tiff *file, uint16_t plane, uint32_t first, uint32_t rows, uint8_t *pixels,
    size_t capacity);

// Opens a file for writing; `big` makes a BigTIFF, for more than 4 GB.
dn_tiff *dn_tiff_create(const char *path, int big, char *message);

// Appends a page: pixels with their samples together, in the machine's byte order. Description and
// software may be NULL. `apart`, 0 or 1, writes plain pixels in two halves, the second first. 0, or
// -1.
int dn_tiff_append(
    dn_tiff *file, const dn_tiff_page *info, unsigned apart, const char *description,
    const char *software, const uint8_t *pixels, size_t count);

// Whether the library can pack with this compression.
int dn_tiff_can_pack(uint16_t compression);

// Writes what is pending; 0, or -1 where that failed.
int dn_tiff_flush(dn_tiff *file);
