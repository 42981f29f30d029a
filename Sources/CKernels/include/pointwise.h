// The passes between convolutions: pooling, upsampling, normalisation, activation, dropout.
//
// Tensors are blocked (DN_BLOCKED or DN_BLOCKED_BF16); those named together have the same storage.
// Halos are not written, and read only where it is said. Functions that can be asked for something
// impossible return false and do nothing.
#pragma once
#include "tensor_layout.h"

// Pooling and nearest upsampling by 2 along every axis on which `fine` and `coarse` differ; there
// coarse.size = fine.size / 2, rounded down. `winner` takes for each element of the coarse tensor
// the number (z, y, x as bits 2, 1, 0) of the first largest of its pixels.
size_t dn_max_pool_winner_bytes(const dn_layout *coarse);
bool dn_max_pool(
    const dn_layout *fine, const dn_layout *coarse, const void *source, void *output,
    uint8_t *winner);

// gradient (fine) = or += the output's gradient where the pixel won, times gate > 0 ? 1 : slope.
bool dn_max_pool_gradient(
    const dn_layout *fine, const dn_layout *coarse, const void *output_gradient,
    const uint8_t *winner, void *gradient, bool accumulate, const void *gate, float gate_slope);

// Nearest upsampling, where the convolution that follows cannot be folded; fine sizes are even.
bool dn_upsample(const dn_layout *fine, const dn_layout *coarse, const void *source, void *output);
bool dn_upsample_gradient(
    const dn_layout *fine, const dn_layout *coarse, const void *output_gradient, void *gradient,
    bool accumulate);

// The greatest of each pixel and those one on along every axis that has a halo (which is read, as
// zeros), without halving; and the gradient at the source, of which the first greatest gets it all.
bool dn_neighbour_max(const dn_layout *layout, const void *source, void *output);
bool dn_neighbour_max_gradient(
    const dn_layout *layout, const void *source, const void *output_gradient, void *gradient);

// Halving by taps along every axis on which `fine` and `coarse` differ (fine sizes even): the sum
// of weight[k + 1] * source[2 * i + k] for k from -1 to 2; and doubling, its transpose. Halos are
// read, as zeros. With `clamped`, doubling reads the edge itself beyond the edge.
typedef struct dn_taps {
  float weight[4];
  bool clamped;
} dn_taps;
bool dn_contract(
    const dn_layout *fine, const dn_layout *coarse, const dn_taps *taps, const void *source,
    void *output);
bool dn_expand(
    const dn_layout *fine, const dn_layout *coarse, const dn_taps *taps, const void *source,
    void *output);

// y = x > 0 ? x : slope * x; and gradient *= y > 0 ? 1 : slope. In place where the pointers agree.
void dn_activation(const dn_layout *layout, const void *x, float slope, void *y);
void dn_activation_gradient(
    const dn_layout *layout, const void *y, float slope, const void *y_gradient, void *x_gradient);

// Normalisation of each channel. Arrays have one element a channel.
typedef struct dn_norm {
  float *mean, *inverse;  // of the batch (inverse = 1 / standard deviation)
  float *scale, *shift;   // y = scale * x + shift
} dn_norm;

// y = activation(scale * x + shift). In place where x == y.
void dn_norm_apply(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope, void *y);

// Backward, in two passes: the sums of g and of g * (x - mean) * inverse for each channel, which
// are the gradients of beta and gamma, where g is the gradient through the activation; then the
// gradient at x (in place where the gradients are one). `sums` is [2][channels].
size_t dn_norm_workspace_bytes(const dn_layout *layout);
void dn_norm_gradient_sums(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope,
    const void *y_gradient, float *sums, void *workspace);
void dn_norm_gradient(
    const dn_layout *layout, const dn_norm *norm, const void *x, float slope,
    const void *y_gradient, const float *sums, void *x_gradient);

// The end of a partial convolution: y = activation(share * x + bias) where a pixel's `share`, plain
// [batch][depth][height][width], is above zero, and 0 elsewhere; `bias` has one number a channel.
void dn_partial(
    const dn_layout *layout, const void *x, const float *share, const float *bias, float slope,
    void *y);

// Backward: the gradients at x (in place where x_gradient == y_gradient) and at the bias.
size_t dn_partial_workspace_bytes(const dn_layout *layout);
void dn_partial_gradient(
    const dn_layout *layout, const void *y, const float *share, float slope,
    const void *y_gradient, void *x_gradient, float *bias_gradient, void *workspace);

// Dropout: every element is kept with probability 1 - `rate` and then divided by it, or zero.
// Nothing is stored: the same seed and stream draw the same elements again for the gradient.
// Elements depend on their place in the image, not on halo or storage. In place where x == y.
void dn_dropout(
    const dn_layout *layout, const void *x, float rate, uint64_t seed, uint32_t stream, void *y);
