#include "CTIFFShim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

// A single read of a damaged file may not ask for more than this at once.
enum { LARGEST_BLOCK = 1 << 30 };

struct dn_tiff {
  TIFF *tiff;
  char message[DN_TIFF_MESSAGE];
  uint64_t *offsets;  // of the directories
  uint32_t pages;
  dn_tiff_page page;  // the described page
  uint8_t *bytes;     // the file, where it was opened from memory
  uint64_t count, position;
};

static int report(TIFF *tiff, void *context, const char *module, const char *format, va_list list) {
  (void)tiff;
  dn_tiff *file = context;
  // The first complaint is nearest to the cause.
  if (!file->message[0]) vsnprintf(file->message, sizeof file->message, format, list);
  (void)module;
  return 1;
}

// Of the warnings (unknown tags and the like) one is meant in earnest: a tag that lies beyond the
// end of the file.
static int warn(TIFF *tiff, void *context, const char *module, const char *format, va_list list) {
  return strstr(format, "IO error") ? report(tiff, context, module, format, list) : 1;
}

static TIFFOpenOptions *options(dn_tiff *file) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, LARGEST_BLOCK);
  TIFFOpenOptionsSetErrorHandlerExtR(options, report, file);
  TIFFOpenOptionsSetWarningHandlerExtR(options, warn, file);
  return options;
}

// Reading from memory.
static tmsize_t memory_read(thandle_t handle, void *buffer, tmsize_t count) {
  dn_tiff *file = handle;
  if (count < 0 || file->position >= file->count) return 0;
  uint64_t left = file->count - file->position;
  if ((uint64_t)count > left) count = (tmsize_t)left;
  memcpy(buffer, file->bytes + file->position, (size_t)count);
  file->position += (uint64_t)count;
  return count;
}

static tmsize_t memory_write(thandle_t handle, void *buffer, tmsize_t count) {
  (void)handle, (void)buffer, (void)count;
  return 0;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence) {
  dn_tiff *file = handle;
  uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->position : file->count;
  file->position = base + offset;
  return file->position;
}

static int memory_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t memory_size(thandle_t handle) { return ((dn_tiff *)handle)->count; }

// Notes where each directory lies, so that going to a page does not walk the chain again.
static int list_pages(dn_tiff *file) {
  uint32_t room = 0;
  do {
    if (file->pages == room) {
      room = room ? room * 2 : 16;
      uint64_t *larger = realloc(file->offsets, room * sizeof *larger);
      if (!larger) return -1;
      file->offsets = larger;
    }
    file->offsets[file->pages++] = TIFFCurrentDirOffset(file->tiff);
  } while (TIFFReadDirectory(file->tiff));
  return 0;
}

// Gives up: hands out the reason and releases the handle.
static dn_tiff *give_up(dn_tiff *file, char *message) {
  snprintf(message, DN_TIFF_MESSAGE, "%s", file->message[0] ? file->message : "no TIFF directory");
  dn_tiff_close(file);
  return NULL;
}

static dn_tiff *start(const char *path, const char *mode, dn_tiff *file, char *message) {
  TIFFOpenOptions *chosen = options(file);
  if (!chosen) return give_up(file, message);
  file->tiff = path ? TIFFOpenExt(path, mode, chosen)
                    : TIFFClientOpenExt(
                          "memory", mode, file, memory_read, memory_write, memory_seek,
                          memory_close, memory_size, NULL, NULL, chosen);
  TIFFOpenOptionsFree(chosen);
  if (!file->tiff) return give_up(file, message);
  if (mode[0] == 'r') {
    if (list_pages(file)) return give_up(file, message);
    // The walk ends with a complaint where a later directory is damaged: those pages are left out.
  }
  return file;
}

dn_tiff *dn_tiff_open(const char *path, char *message) {
  dn_tiff *file = calloc(1, sizeof *file);
  // "m": a mapped file that is cut while it is read would end the program.
  return file ? start(path, "rm", file, message) : NULL;
}

dn_tiff *dn_tiff_open_bytes(const uint8_t *bytes, size_t count, char *message) {
  dn_tiff *file = calloc(1, sizeof *file);
  if (!file) return NULL;
  file->bytes = malloc(count ? count : 1);
  if (!file->bytes) return give_up(file, message);
  memcpy(file->bytes, bytes, count);
  file->count = count;
  return start(NULL, "rm", file, message);
}

dn_tiff *dn_tiff_create(const char *path, int big, char *message) {
  dn_tiff *file = calloc(1, sizeof *file);
  return file ? start(path, big ? "w8" : "w", file, message) : NULL;
}

void dn_tiff_close(dn_tiff *file) {
  if (!file) return;
  if (file->tiff) TIFFClose(file->tiff);
  free(file->offsets);
  free(file->bytes);
  free(file);
}

const char *dn_tiff_message(const dn_tiff *file) { return file->message; }

uint32_t dn_tiff_pages(const dn_tiff *file) { return file->pages; }

// Whether the strips of the current page lie one after the other, unpacked, with all samples of a
// pixel together: then its rows can be read without the library.
static int is_plain(TIFF *tiff, const dn_tiff_page *info) {
  uint16_t order = FILLORDER_MSB2LSB;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &order);
  if (info->compression != COMPRESSION_NONE || TIFFIsTiled(tiff) || order != FILLORDER_MSB2LSB ||
      (info->planar == PLANARCONFIG_SEPARATE && info->samples > 1))
    return 0;
  uint32_t height = 0;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
  if (height > info->height) height = info->height;
  tmsize_t row = TIFFScanlineSize(tiff);
  if (height == 0 || row <= 0 || info->strips != (info->height - 1) / height + 1) return 0;
  uint64_t offset = info->first_strip;
  for (uint32_t strip = 0; strip < info->strips; strip++) {
    uint32_t left = info->height - strip * height;
    uint64_t bytes = (uint64_t)(left < height ? left : height) * (uint64_t)row;
    if (TIFFGetStrileOffset(tiff, strip) != offset || TIFFGetStrileByteCount(tiff, strip) < bytes)
      return 0;
    offset += bytes;
  }
  return offset <= INT64_MAX;
}

int dn_tiff_describe(dn_tiff *file, uint32_t page, dn_tiff_page *info) {
  file->message[0] = 0;
  if (page >= file->pages || !TIFFSetSubDirectory(file->tiff, file->offsets[page])) return -1;
  TIFF *tiff = file->tiff;
  *info = (dn_tiff_page){.photometric = 1, .big_endian = TIFFIsBigEndian(tiff)};
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &info->width)) return -1;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &info->height)) return -1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &info->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &info->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &info->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &info->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &info->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &info->resolution_unit);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &info->photometric);
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &info->x_resolution);
  TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &info->y_resolution);
  uint16_t extras = 0, *kinds = NULL;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds) && extras > 0 && kinds)
    info->alpha = kinds[extras - 1] != EXTRASAMPLE_UNSPECIFIED;
  uint32_t kind = 0;
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
  info->reduced = (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
  info->strips = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  info->first_strip = TIFFGetStrileOffset(tiff, 0);
  info->plain = is_plain(tiff, info);
  // Let the JPEG codec give RGB, whatever it stores.
  if (info->compression == COMPRESSION_JPEG && info->photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    info->photometric = PHOTOMETRIC_RGB;
  }
  file->page = *info;
  return 0;
}

const char *dn_tiff_description(dn_tiff *file) {
  char *text = NULL;
  return TIFFGetField(file->tiff, TIFFTAG_IMAGEDESCRIPTION, &text) ? text : NULL;
}

int dn_tiff_palette(dn_tiff *file, uint16_t *entries, size_t count) {
  uint16_t *colours[3] = {NULL, NULL, NULL};
  size_t each = (size_t)1 << file->page.bits;
  if (file->page.bits > 16 || count != 3 * each) return -1;
  if (!TIFFGetField(file->tiff, TIFFTAG_COLORMAP, &colours[0], &colours[1], &colours[2])) return -1;
  for (int colour = 0; colour < 3; colour++) {
    if (!colours[colour]) return -1;
    memcpy(entries + colour * each, colours[colour], each * sizeof *entries);
  }
  return 0;
}

size_t dn_tiff_row_bytes(dn_tiff *file) {
  tmsize_t size = TIFFScanlineSize(file->tiff);
  return size > 0 ? (size_t)size : 0;
}

static uint32_t least(uint32_t left, uint32_t right) { return left < right ? left : right; }

static int read_strips(
    dn_tiff *file, uint16_t plane, uint32_t first, uint32_t rows, uint8_t *pixels, size_t row) {
  uint32_t height = 0, end = first + rows;
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_ROWSPERSTRIP, &height);
  height = least(height, file->page.height);
  tmsize_t size = TIFFStripSize(file->tiff);
  if (height == 0 || size <= 0 || size > LARGEST_BLOCK) return -1;
  uint8_t *strip = malloc((size_t)size);
  if (!strip) return -1;
  int result = 0;
  for (uint32_t y = first; y < end;) {
    uint32_t top = y / height * height;
    uint32_t lines = least(top + height, file->page.height) - top;
    uint32_t wanted = least(top + lines, end) - y;
    tmsize_t got = TIFFReadEncodedStrip(
        file->tiff, TIFFComputeStrip(file->tiff, y, plane), strip, (tmsize_t)(lines * row));
    if (got < 0 || (size_t)got < (y - top + wanted) * row) {
      result = -1;
      break;
    }
    memcpy(pixels + (y - first) * row, strip + (y - top) * row, wanted * row);
    y += wanted;
  }
  free(strip);
  return result;
}

static int read_tiles(
    dn_tiff *file, uint16_t plane, uint32_t first, uint32_t rows, uint8_t *pixels, size_t row) {
  uint32_t tile_width = 0, tile_height = 0, end = first + rows;
  TIFFGetField(file->tiff, TIFFTAG_TILEWIDTH, &tile_width);
  TIFFGetField(file->tiff, TIFFTAG_TILELENGTH, &tile_height);
  tmsize_t size = TIFFTileSize(file->tiff), tile_row = TIFFTileRowSize(file->tiff);
  if (tile_width == 0 || tile_height == 0 || tile_row <= 0 || size <= 0 || size > LARGEST_BLOCK)
    return -1;
  if ((uint64_t)tile_row * tile_height > (uint64_t)size) return -1;
  uint8_t *tile = malloc((size_t)size);
  if (!tile) return -1;
  int result = 0;
  for (uint32_t top = first / tile_height * tile_height; top < end && result == 0;
       top += tile_height) {
    uint32_t from = top < first ? first : top, to = least(end, top + tile_height);
    size_t column = 0;  // in bytes: tiles are whole bytes wide
    for (uint32_t left = 0; left < file->page.width; left += tile_width) {
      if (TIFFReadEncodedTile(
              file->tiff, TIFFComputeTile(file->tiff, left, top, 0, plane), tile, size) < 0) {
        result = -1;
        break;
      }
      size_t wanted = row - column < (size_t)tile_row ? row - column : (size_t)tile_row;
      for (uint32_t y = from; y < to; y++)
        memcpy(pixels + (y - first) * row + column, tile + (y - top) * (size_t)tile_row, wanted);
      column += wanted;
    }
  }
  free(tile);
  return result;
}

int dn_tiff_read(
    dn_tiff *file, uint16_t plane, uint32_t first, uint32_t rows, uint8_t *pixels,
    size_t capacity) {
  file->message[0] = 0;
  size_t row = dn_tiff_row_bytes(file);
  if (row == 0 || first > file->page.height || rows > file->page.height - first) return -1;
  if (capacity != row * rows) return -1;
  return TIFFIsTiled(file->tiff) ? read_tiles(file, plane, first, rows, pixels, row)
                                 : read_strips(file, plane, first, rows, pixels, row);
}

int dn_tiff_append(
    dn_tiff *file, const dn_tiff_page *info, unsigned apart, const char *description,
    const char *software, const uint8_t *pixels, size_t count) {
  TIFF *tiff = file->tiff;
  size_t row = (size_t)info->width * info->samples * (info->bits / 8);
  if (row == 0 || count != row * info->height) return -1;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, info->width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, info->height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, info->bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, info->samples);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, info->format);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, info->photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, info->compression);
  if (info->compression != COMPRESSION_NONE) {
    int predictor = info->format == SAMPLEFORMAT_IEEEFP ? PREDICTOR_FLOATINGPOINT
                                                        : PREDICTOR_HORIZONTAL;
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, predictor);
  }
  if (info->alpha) {
    uint16_t kind = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  }
  if (info->x_resolution > 0 && info->y_resolution > 0) {
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, info->resolution_unit);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, info->x_resolution);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, info->y_resolution);
  }
  if (description) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description);
  if (software) TIFFSetField(tiff, TIFFTAG_SOFTWARE, software);
  // Packed strips of about a quarter megabyte; plain ones in one piece, as ImageJ likes them, or
  // in two.
  int is_plain = info->compression == COMPRESSION_NONE;
  size_t lines = is_plain ? (info->height + apart) / (apart + 1) : ((1 << 18) + row - 1) / row;
  if (lines > info->height) lines = info->height;
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)lines);
  size_t strips = (info->height + lines - 1) / lines;
  for (size_t index = 0; index < strips; index++) {
    size_t strip = is_plain ? strips - 1 - index : index, y = strip * lines;
    size_t height = y + lines > info->height ? info->height - y : lines;
    // The library may swap bytes in place, but not in the machine's own order.
    if (TIFFWriteEncodedStrip(
            tiff, (uint32_t)strip, (void *)(pixels + y * row), (tmsize_t)(height * row)) < 0)
      return -1;
  }
  return TIFFWriteDirectory(tiff) ? 0 : -1;
}

int dn_tiff_can_pack(uint16_t compression) { return TIFFIsCODECConfigured(compression); }

int dn_tiff_flush(dn_tiff *file) { return TIFFFlush(file->tiff) ? 0 : -1; }
