#include "CCodecShim.h"

#include <blosc.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

int64_t dn_zstd_unpack(const uint8_t *packed, size_t count, uint8_t *bytes, size_t room) {
  size_t got = ZSTD_decompress(bytes, room, packed, count);
  return ZSTD_isError(got) ? -1 : (int64_t)got;
}

size_t dn_zstd_room(size_t count) { return ZSTD_compressBound(count); }

int64_t dn_zstd_pack(const uint8_t *bytes, size_t count, uint8_t *packed, size_t room) {
  size_t got = ZSTD_compress(packed, room, bytes, count, 3);
  return ZSTD_isError(got) ? -1 : (int64_t)got;
}

static struct {
  __typeof__(&blosc_decompress_ctx) decompress;
  __typeof__(&blosc_compress_ctx) compress;
  __typeof__(&blosc_cbuffer_validate) validate;
  char fault[DN_CODEC_MESSAGE];
} lib;

static void load(void) {
  void *library = dlopen("libblosc.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(lib.fault, sizeof lib.fault, "the library libblosc is not installed");
    return;
  }
  lib.decompress = (__typeof__(lib.decompress))dlsym(library, "blosc_decompress_ctx");
  lib.compress = (__typeof__(lib.compress))dlsym(library, "blosc_compress_ctx");
  lib.validate = (__typeof__(lib.validate))dlsym(library, "blosc_cbuffer_validate");
  if (!lib.decompress || !lib.compress || !lib.validate)
    snprintf(lib.fault, sizeof lib.fault, "the library libblosc is older than 1.16");
}

int dn_blosc_load(char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  snprintf(message, DN_CODEC_MESSAGE, "%s", lib.fault);
  return lib.fault[0] ? -1 : 0;
}

int64_t dn_blosc_unpack(const uint8_t *packed, size_t count, uint8_t *bytes, size_t room) {
  size_t promised = 0;
  if (count < BLOSC_MIN_HEADER_LENGTH || lib.validate(packed, count, &promised) < 0) return -1;
  if (promised > room) return -1;
  int got = lib.decompress(packed, bytes, room, 1);
  return got < 0 || (size_t)got != promised ? -1 : got;
}

int64_t dn_blosc_pack(
    const uint8_t *bytes, size_t count, size_t size, uint8_t *packed, size_t room) {
  int got = lib.compress(5, BLOSC_SHUFFLE, size, count, bytes, packed, room, "zstd", 0, 1);
  return got <= 0 ? -1 : got;
}

uint32_t dn_crc32c(const uint8_t *bytes, size_t count) {
  uint32_t sum = 0xffffffff;
  for (size_t index = 0; index < count; index++) {
    sum ^= bytes[index];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78 : 0);
  }
  return ~sum;
}
