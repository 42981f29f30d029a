// The kernels in whatever the compiler's target has at least (SSE2, NEON).
#include "kernel_table.h"
#include "vectors.h"

#define NAME(name) name##_portable
#define GROUP 1
#define TILE_1 2
#define TILE_2 0
#define GRADIENT_RUN 1
#define OUTER_TAPS 3
#include "dot_emulated.h"
#include "isa_bodies.h"
