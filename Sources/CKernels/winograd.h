// Winograd's minimal filtering (Lavin and Gray 2016), F(2 x 2, 3 x 3): see winograd.c.
#pragma once
#include "convolution_run.h"

enum { DN_POSITIONS = 16 };

// Whether the axis reads its input at offsets -1, 0 and 1 through one tap of the kernel each, and
// which taps these are.
bool dn_winograd_three_taps(const dn_axis_view *view, int64_t tap[3]);

// Decides whether the convolution is computed so, and how it is cut; called when all else is known.
void dn_winograd_choose(dn_conv *plan);

// Bytes of the packed weights of a group of outputs.
size_t dn_winograd_weight_bytes(const dn_conv *plan, int64_t blocks);

// Weights of one group of outputs into the order in which they are read.
void dn_winograd_pack(const dn_conv *plan, const float *weights, int64_t group, float *packed);

// Bytes of the workspace, for as many threads as there are now.
size_t dn_winograd_workspace_bytes(const dn_conv *plan);

void dn_winograd_strip(const dn_conv_job *job, int64_t strip, double *totals);
