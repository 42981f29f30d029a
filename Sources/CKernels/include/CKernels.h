// Kernels for training and running small convolutional networks on a CPU.
//
// - Tensors are described by a `dn_layout` (tensor_layout.h): blocks of 16 channels, zero halo.
// - A convolution is planned once and then run every step without allocating (convolution.h).
// - The passes between convolutions are in pointwise.h, the update of the parameters in
//   optimiser.h, random numbers in random.h; processor.h says which instructions are in use.
//
// Threads: every function that touches a whole tensor runs on `dn_threads()` threads of CSupport,
// over a partition that depends on the shape alone, so that the bytes of a result do not depend on
// the number of threads. Memory: pointers to tensors and workspaces are aligned to 64 bytes.
// Nothing here keeps a pointer after it returned, except that a plan owns its own tables.
#pragma once
#include "convolution.h"
#include "optimiser.h"
#include "pointwise.h"
#include "processor.h"
#include "random.h"
#include "tensor_layout.h"
