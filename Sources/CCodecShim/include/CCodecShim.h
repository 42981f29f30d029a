// Packing of blocks of bytes as Zarr has it: zstd by libzstd, blosc by libblosc, which is loaded when
// it is first needed.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DN_CODEC_MESSAGE = 160 };

// Unpacks into at most `room` bytes; how many there were, or -1 where the data are wrong or more.
int64_t dn_zstd_unpack(const uint8_t *packed, size_t count, uint8_t *bytes, size_t room);
// Packs; `room` must be dn_zstd_room(count). The packed length, or -1.
size_t dn_zstd_room(size_t count);
int64_t dn_zstd_pack(const uint8_t *bytes, size_t count, uint8_t *packed, size_t room);

// Loads libblosc: 0, or -1 with the reason in `message`.
int dn_blosc_load(char *message);
int64_t dn_blosc_unpack(const uint8_t *packed, size_t count, uint8_t *bytes, size_t room);
// Packs numbers of `size` bytes with shuffled bytes, by blosc's zstd. `room` must be `count` + 16.
int64_t dn_blosc_pack(
    const uint8_t *bytes, size_t count, size_t size, uint8_t *packed, size_t room);

// CRC-32C (Castagnoli).
uint32_t dn_crc32c(const uint8_t *bytes, size_t count);
