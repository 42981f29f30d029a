#include "optimiser.h"

#include <math.h>

#include "CSupport.h"
#include "kernel_table.h"

// The three scalars in which Adam and RAdam differ.
static void set_step(const dn_adam *adam, dn_flat_job *job) {
  double t = (double)adam->step, beta2 = (double)adam->beta2;
  double left1 = 1 - pow((double)adam->beta1, t), left2 = 1 - pow(beta2, t);
  double step = (double)adam->rate / left1;
  job->step = (float)step;
  job->root = (float)(1 / sqrt(left2));
  job->epsilon = adam->epsilon;
  if (!adam->rectified) return;
  double most = 2 / (1 - beta2) - 1, length = most - 2 * t * pow(beta2, t) / left2;
  if (length > 5) {
    double rectification = sqrt(
        (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
    job->step = (float)(step * rectification * sqrt(left2));
    job->root = 1;
  } else {  // too few steps to know the variance: plain momentum
    job->root = 0;
    job->epsilon = 1;
  }
}

void dn_adam_update(
    const dn_adam *adam, int64_t count, const float *gradient, float *parameter, float *moment1,
    float *moment2) {
  dn_flat_job job = {
      .count = count, .gradient = gradient, .parameter = parameter, .moment1 = moment1,
      .moment2 = moment2, .beta1 = adam->beta1, .beta2 = adam->beta2,
      .gradient_scale = adam->gradient_scale};
  job.keep = adam->decoupled ? 1 - adam->rate * adam->decay : 1;
  job.decay = adam->decoupled ? 0 : adam->decay;
  set_step(adam, &job);
  dn_parallel(
      dn_ceil_div(count, DN_FLAT_ITEM), dn_kernels_active()->pass[DN_PASS_ADAM], &job);
}

double dn_gradient_norm(int64_t count, const float *gradient) {
  enum { PART = 256 };
  double partial[PART], sum = 0;
  for (int64_t start = 0; start < count; start += (int64_t)PART * DN_FLAT_ITEM) {
    dn_flat_job job = {
        .count = dn_min(count - start, (int64_t)PART * DN_FLAT_ITEM),
        .gradient = gradient + start, .partial = partial};
    int64_t items = dn_ceil_div(job.count, DN_FLAT_ITEM);
    dn_parallel(items, dn_kernels_active()->pass[DN_PASS_SQUARES], &job);
    for (int64_t item = 0; item < items; item++) sum += partial[item];
  }
  return sqrt(sum);
}
