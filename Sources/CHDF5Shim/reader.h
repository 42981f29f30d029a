// What a reader does: the calls of CHDF5Shim.h with the library in the very process.
#pragma once
#include "library.h"
#include "messages.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DN_H5_SANITIZED 1
#endif
#endif
#if !defined(DN_H5_SANITIZED) && defined(__SANITIZE_ADDRESS__)
#define DN_H5_SANITIZED 1
#endif
#ifndef DN_H5_SANITIZED
#define DN_H5_SANITIZED 0
#endif

hid_t dn_h5_open_here(const char *path);
// Puts the paths one behind the other, each with its end, into memory to be freed: its length.
uint32_t dn_h5_list_here(hid_t file, int limit, char **paths);
hid_t dn_h5_object_here(hid_t file, const char *path, dn_h5_info *info);
int dn_h5_read_here(hid_t dataset, int type, const dn_h5_block *block, void *values);
int dn_h5_numbers_here(hid_t object, const char *name, double *values, int room);
int dn_h5_text_here(hid_t object, const char *name, char *text, int room);

// Limits, once for the process: no dumps of its memory, and how much of it there is.
void dn_h5_limit(void);
// More memory: to share, and for a chunk of so many bytes.
void dn_h5_allow_shared(uint64_t bytes);
void dn_h5_allow_memory(uint64_t chunk);
// Time for a request, and more of it for so many bytes.
void dn_h5_begin_time(void);
void dn_h5_allow_time(uint64_t bytes);

// Answers what is asked about one file until the other side is gone.
void dn_h5_answer(dn_h5_ends ends);
