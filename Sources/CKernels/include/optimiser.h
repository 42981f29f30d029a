// Updates of the parameters, which lie in one flat array, as do their gradients and moments.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// Adam (Kingma and Ba 2015), AdamW (`decoupled`: Loshchilov and Hutter 2019) and RAdam
// (`rectified`: Liu et al. 2020), with the conventions of PyTorch.
typedef struct dn_adam {
  float rate, beta1, beta2, epsilon;
  float decay;             // weight decay, 0 for none
  bool decoupled, rectified;
  int64_t step;            // 1 at the first update
  float gradient_scale;    // gradients are multiplied with this first (clipping); 1 for none
} dn_adam;

// One pass over moments and parameters.
void dn_adam_update(
    const dn_adam *adam, int64_t count, const float *gradient, float *parameter, float *moment1,
    float *moment2);

// The square root of the sum of squares.
double dn_gradient_norm(int64_t count, const float *gradient);
