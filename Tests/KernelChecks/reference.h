// Convolution by plain loops in double precision: what the kernels must agree with.
#pragma once
#include "checks.h"

// The sources side by side at full size: [batch][channels][input size].
float *reference_concatenate(const dn_conv_shape *shape, float *const source[2]);
// The other way round for gradients: the part of one source, summed over repeated pixels.
float *reference_split(const dn_conv_shape *shape, const float *full, int64_t source);

int64_t reference_channels(const dn_conv_shape *shape);
void reference_input_size(const dn_conv_shape *shape, int64_t size[3]);

float *reference_forward(
    const dn_conv_shape *shape, const float *full, const float *weights, const float *bias);
// Gradients of sum(output * gradient); the caller frees them.
void reference_backward(
    const dn_conv_shape *shape, const float *full, const float *weights, const float *gradient,
    float **input_gradient, float **weight_gradient, float **bias_gradient);
