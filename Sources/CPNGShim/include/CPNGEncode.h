#pragma once
#include <stddef.h>
#include <stdint.h>

/// Encodes a picture as PNG into memory, the same bytes for the same picture.
///
/// `channels`: 1 (grey) or 3 (colour, interleaved). `bits`: 8 (bytes) or 16 (native order).
/// `dots_per_metre`: written where positive. On success returns 0 and a buffer that the caller
/// frees with `free`; else -1.
int dn_png_encode(
    const void *_Nonnull pixels, uint32_t columns, uint32_t rows, int channels, int bits,
    uint32_t dots_per_metre, uint8_t *_Nullable *_Nonnull bytes, size_t *_Nonnull count);
