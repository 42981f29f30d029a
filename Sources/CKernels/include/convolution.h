// Convolution and its gradients, as plans: made once for a shape, then run every step.
//
// "Same" padding: an odd kernel k reads (k - 1) / 2 elements beyond the image, which are zero.
// Weights are plain [outputs][inputs][kd][kh][kw] float32; the inputs are the channels of the
// sources one after the other, so that the concatenation of two sources is never written out. A
// source of half the size may be read as if repeated (nearest upsampling): the convolution is then
// folded into one small convolution for each of the 2^d phases of the output, whose taps are sums
// of the original ones. That is exact up to rounding, and 2.25 (2-D) or 3.4 (3-D) times less work.
#pragma once
#include "tensor_layout.h"

// One input of a convolution. `scale` is 1, or 2 where the axis is upsampled while it is read.
typedef struct dn_conv_source {
  dn_layout layout;
  int64_t scale[3];
} dn_conv_source;

// A convolution: output[o] = sum over taps of weight * source[stride * o + tap]. The output's size
// is scale * size of each source for stride 1, and ceil(size / 2) for stride 2 (not together with
// a scale). The layouts of a gradient are those of its tensors: `output` is then the layout of the
// gradient at the output, `source[i].layout` that of the gradient at the source, or for
// weight gradients that of the source itself.
typedef struct dn_conv_shape {
  dn_layout output;
  int64_t kernel[3];  // odd, up to 15
  int64_t stride[3];  // 1 or 2
  int64_t sources;    // 1 or 2
  dn_conv_source source[2];
  // Whether the output is a window alone: a box of the result, of the output's size, that starts at
  // `start`. With stride 1, at even places where a source is upsampled, and without gradients.
  bool is_window;
  int64_t start[3];
} dn_conv_shape;

typedef struct dn_conv dn_conv;
typedef struct dn_conv_weights dn_conv_weights;

// Plans. NULL where the shape cannot be computed; `problem`, if given, then names the reason in
// words (a constant string).
dn_conv *dn_conv_plan_forward(const dn_conv_shape *shape, const char **problem);
// The gradient with respect to source `source`: reads the gradient at the output (its halo must
// be zero), writes one with the source's size.
dn_conv *dn_conv_plan_input_gradient(
    const dn_conv_shape *shape, int64_t source, const char **problem);
void dn_conv_free(dn_conv *plan);

// Bytes of the packed weights, and of the workspace of a run on as many threads as there are now.
size_t dn_conv_packed_bytes(const dn_conv *plan);
size_t dn_conv_workspace_bytes(const dn_conv *plan);

// Brings plain weights (always those of the whole convolution, all sources) and the bias
// ([outputs], or NULL for zero; ignored by input gradients) into the order the kernels read.
void dn_conv_pack(const dn_conv *plan, const float *weights, const float *bias, void *packed);

// What a run reads and writes. v = sum of products + bias; v = v > 0 ? v : slope * v;
// v *= gate > 0 ? 1 : gate_slope; v += output if `accumulate`; output = v.
typedef struct dn_conv_run_arguments {
  const void *source[2];  // forward: the sources; input gradient: the gradient at the output
  const void *packed;
  void *output;           // the halo is not written
  float slope;            // 1: none, 0: ReLU, between: leaky ReLU
  bool accumulate;
  const void *gate;       // NULL, or a tensor of the output's layout
  float gate_slope;       // 0 for the gradient through a ReLU whose output is `gate`
  double *sums;           // NULL, or [2][outputs]: sums of v and of v^2 for each channel
  void *workspace;        // dn_conv_workspace_bytes
} dn_conv_run_arguments;
void dn_conv_run(const dn_conv *plan, const dn_conv_run_arguments *arguments);

// The gradient with respect to the weights that read source `source`.
dn_conv_weights *dn_conv_plan_weight_gradient(
    const dn_conv_shape *shape, int64_t source, const char **problem);
void dn_conv_weights_free(dn_conv_weights *plan);
size_t dn_conv_weights_workspace_bytes(const dn_conv_weights *plan);

// Writes that source's part of the plain weight gradient [outputs][inputs][kd][kh][kw] (the other
// source's part is left alone) and, where `bias_gradient` is given, [outputs].
void dn_conv_weights_run(
    const dn_conv_weights *plan, const void *source, const void *output_gradient,
    float *weight_gradient, float *bias_gradient, void *workspace);

// Multiplications and additions of one run, as computed (folded phases count as such).
double dn_conv_operations(const dn_conv *plan);
double dn_conv_weights_operations(const dn_conv_weights *plan);
