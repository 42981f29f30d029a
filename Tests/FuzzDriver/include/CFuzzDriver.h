// libFuzzer with a main function of our own.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef void (*dn_fuzz_target)(const uint8_t *_Nullable bytes, size_t count);

int dn_fuzz_run(int count, char *_Nullable const *_Nonnull arguments, dn_fuzz_target _Nonnull run);
