// Masked losses on the output of a net: planar, few channels, so memory speed is all there is.
#include <math.h>

#include "CSupport.h"
#include "pointwise.h"
#include "strides.h"

enum { MOST_ITEMS = 64 };

typedef struct loss_job {
  dn_loss_kind kind;
  const dn_layout *layout;
  dn_strides strides;
  int64_t rows, items;
  const float *prediction, *target, *mask;
  float *gradient;
  float factor;  // of the gradient: weight / sum of mask
  double loss[MOST_ITEMS], weight[MOST_ITEMS];
} loss_job;

static int64_t row_start(const loss_job *job, int64_t row) {
  const dn_layout *layout = job->layout;
  int64_t y = row % layout->size[1], plane = row / layout->size[1];
  int64_t z = plane % layout->size[0], channel = plane / layout->size[0];
  const dn_strides *s = &job->strides;
  return s->origin + channel * s->block + z * s->plane + y * s->row;
}

static void sum_item(void *context, int64_t item) {
#pragma clang fp reassociate(on)
  loss_job *job = context;
  double loss = 0, weight = 0;
  int64_t end = (item + 1) * job->rows / job->items;
  for (int64_t row = item * job->rows / job->items; row < end; row++) {
    int64_t at = row_start(job, row);
    float row_loss = 0, row_weight = 0;
    for (int64_t x = at; x < at + job->layout->size[2]; x++) {
      float difference = job->prediction[x] - job->target[x];
      float element = job->kind == DN_LOSS_SQUARED ? difference * difference : fabsf(difference);
      float mask = job->mask ? job->mask[x] : 1;
      row_loss += mask * element;
      row_weight += mask;
    }
    loss += (double)row_loss;
    weight += (double)row_weight;
  }
  job->loss[item] = loss;
  job->weight[item] = weight;
}

static void gradient_item(void *context, int64_t item) {
  const loss_job *job = context;
  int64_t end = (item + 1) * job->rows / job->items;
  for (int64_t row = item * job->rows / job->items; row < end; row++) {
    int64_t at = row_start(job, row);
    for (int64_t x = at; x < at + job->layout->size[2]; x++) {
      float difference = job->prediction[x] - job->target[x];
      float slope = job->kind == DN_LOSS_SQUARED
                        ? 2 * difference
                        : (float)((difference > 0) - (difference < 0));
      job->gradient[x] = (job->mask ? job->mask[x] : 1) * slope * job->factor;
    }
  }
}

double dn_loss(
    dn_loss_kind kind, const dn_layout *layout, const float *prediction, const float *target,
    const float *mask, float weight, float *gradient) {
  loss_job job = {
      .kind = kind, .layout = layout, .strides = dn_strides_of(layout), .prediction = prediction,
      .target = target, .mask = mask, .gradient = gradient};
  job.rows = layout->batch * layout->channels * layout->size[0] * layout->size[1];
  job.items = dn_min(job.rows, MOST_ITEMS);
  dn_parallel(job.items, sum_item, &job);
  double loss = 0, total = 0;
  for (int64_t item = 0; item < job.items; item++) {
    loss += job.loss[item];
    total += job.weight[item];
  }
  job.factor = total > 0 ? (float)((double)weight / total) : 0;
  if (gradient) dn_parallel(job.items, gradient_item, &job);
  return total > 0 ? loss / total : 0;
}
