// The library's own functions, found when they are first needed, and what the files here share.
#pragma once
#include <hdf5/serial/hdf5.h>

#include "CHDF5Shim.h"

// Every function of the library that is used here, once: the list makes the pointers and loads them.
#define FUNCTIONS(each)                                                                \
  each(H5open) each(H5dont_atexit) each(H5Eset_auto2) each(H5Fopen) each(H5Fcreate) each(H5Fclose) each(H5Fflush)     \
  each(H5Literate) each(H5Oopen) each(H5Oclose) each(H5Iget_type)   \
  each(H5Dcreate2) each(H5Dget_space) each(H5Dget_type) each(H5Dread) each(H5Dwrite)   \
  each(H5Dget_offset) each(H5Dget_create_plist) each(H5Dget_storage_size) each(H5Pget_layout) each(H5Pget_chunk) each(H5Tequal) \
  each(H5Dget_chunk_storage_size) each(H5Pget_nfilters) each(H5Pget_filter2) each(H5Pget_chunk_opts) each(H5Dread_chunk) each(H5Iget_file_id) each(H5Fget_filesize) each(H5Fget_vfd_handle) \
  each(H5Screate_simple) each(H5Screate) each(H5Sclose) each(H5Sget_simple_extent_ndims)          \
  each(H5Sget_simple_extent_dims) each(H5Sget_simple_extent_npoints) each(H5Sselect_hyperslab)    \
  each(H5Tget_class) each(H5Tget_size) each(H5Tget_sign) each(H5Tclose) each(H5Tcopy)  \
  each(H5Tset_size) each(H5Tset_fields) each(H5Tset_ebias) each(H5Tset_cset) each(H5Tis_variable_str)        \
  each(H5Pcreate) each(H5Pclose) each(H5Pset_chunk) each(H5Pset_deflate)        \
  each(H5Pset_create_intermediate_group) each(H5Aopen) each(H5Aclose) each(H5Aread)    \
  each(H5Aget_type) each(H5Aget_space) each(H5Acreate2) each(H5Awrite) each(H5Aexists) \
  each(H5free_memory)

// What the header names by macros that refer to variables of the library.
#define VARIABLES(each)                                                                \
  each(H5T_NATIVE_UCHAR_g) each(H5T_NATIVE_SCHAR_g) each(H5T_NATIVE_USHORT_g)          \
  each(H5T_NATIVE_SHORT_g) each(H5T_NATIVE_UINT_g) each(H5T_NATIVE_INT_g)              \
  each(H5T_NATIVE_ULLONG_g) each(H5T_NATIVE_LLONG_g) each(H5T_NATIVE_FLOAT_g)          \
  each(H5T_NATIVE_DOUBLE_g) each(H5T_C_S1_g) each(H5P_CLS_DATASET_CREATE_ID_g)         \
  each(H5P_CLS_LINK_CREATE_ID_g)

#define DECLARE_FUNCTION(name) __typeof__(&name) name##_;
#define DECLARE_VARIABLE(name) hid_t name##_;

typedef struct {
  FUNCTIONS(DECLARE_FUNCTION)
  VARIABLES(DECLARE_VARIABLE)
  char fault[DN_H5_MESSAGE];
} dn_h5_library;
extern dn_h5_library dn_h5_lib;
#define lib dn_h5_lib


// The library prints its errors unless told not to, on each thread anew.
void dn_h5_be_quiet(void);

// A type of our own for one of the numbers of CHDF5Shim.h; to be closed.
hid_t dn_h5_memory_type(int type);

// What of a data set is asked for.
typedef struct {
  int rank;
  const uint64_t *start, *count;
} dn_h5_block;

// Whether what the file says of a data set's layout can be: the library takes its word and would
// read behind its own buffers, or ask for more memory than there is.
int dn_h5_is_sound(hid_t dataset, hid_t space, const dn_h5_block *block);

// Moves a block between the data set and memory: 0, or -1.
enum { DN_H5_READ, DN_H5_WRITE };
int dn_h5_transfer(
    int direction, dn_h5_id dataset, hid_t type, const dn_h5_block *block, void *memory);
