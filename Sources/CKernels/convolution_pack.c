// Plain weights into the order in which the tiles read them.
#include <string.h>

#include "CSupport.h"
#include "winograd.h"
#include "vectors.h"

typedef struct packing {
  const dn_conv *plan;
  const float *weights;
  char *packed;
} packing;

// One block of inputs of one segment of one group.
typedef struct block_packing {
  const dn_conv *plan;
  const float *weights;  // of input channel 0 and output channel 0 of this segment
  char *to;
  int64_t segment, first_input, first_output, unit;
  bool planar, bf16, matrices;
  int64_t taps;  // of the runs before
} block_packing;

static float summed_weight(const dn_conv *plan, const float *of, const dn_tap_place *at) {
  float sum = 0;
  for (int32_t z = 0; z < at->tap[0]->count; z++)
    for (int32_t y = 0; y < at->tap[1]->count; y++)
      for (int32_t x = 0; x < at->tap[2]->count; x++) {
        int64_t tap = (at->tap[0]->first + z) * plan->kernel[1] + at->tap[1]->first + y;
        sum += of[tap * plan->kernel[2] + at->tap[2]->first + x];
      }
  return sum;
}

// Elements from the start of a block to a weight, in the orders of dn_tile.
static int64_t packed_place(
    const block_packing *job, const dn_tap_place *at, int64_t lanes, int64_t lane, int64_t output) {
  int64_t run = job->taps * lanes * job->unit;
  int64_t tap = job->matrices ? at->place : lane / (job->bf16 ? 2 : 1) * at->length + at->place;
  if (job->matrices) tap = (tap + (tap == 2)) * lanes / 2 + lane / 2;
  tap = tap * job->unit + output;
  return run + (job->bf16 ? tap * 2 + lane % 2 : tap);
}

static void store_weight(const block_packing *job, int64_t place, float value) {
  if (job->bf16) ((uint16_t *)job->to)[place] = bf16_of_float(value);
  else ((float *)job->to)[place] = value;
}

static void pack_tap(void *context, const dn_tap_place *at) {
  block_packing *job = context;
  const dn_conv *plan = job->plan;
  int64_t lanes = plan->in[job->segment].lanes, channels = plan->input[job->segment].channels;
  for (int64_t lane = 0; lane < lanes; lane++)
    for (int64_t o = 0; o < job->unit; o++) {
      int64_t input = job->first_input + lane, output = job->first_output + o;
      float value = 0;
      if (input < channels && output < plan->output.channels)
        value = summed_weight(
            plan, job->weights + output * plan->output_stride + input * plan->input_stride, at);
      if (job->planar) ((float *)job->to)[at->index * lanes + lane] = value;
      else store_weight(job, packed_place(job, at, lanes, lane, o), value);
    }
  if (at->place + 1 < at->length) return;
  bool zeros = job->matrices && at->length == 3;
  if (zeros)
    memset((uint16_t *)job->to + (job->taps + 2) * lanes * job->unit, 0, (size_t)(lanes * job->unit) * 2);
  job->taps += at->length + zeros;
}

static void pack_group(void *context, int64_t index) {
  const packing *job = context;
  const dn_conv *plan = job->plan;
  int64_t phase = index / plan->groups, group = index % plan->groups;
  bool planar = plan->output.storage == DN_PLANAR;
  if (plan->winograd.tiles) {
    char *to = job->packed + dn_conv_offset(plan, phase, group)[0];
    return dn_winograd_pack(plan, job->weights, group, (float *)to);
  }
  for (int64_t s = 0; s < plan->segments; s++) {
    const dn_view *view = &plan->phase[phase].view[s];
    block_packing block = {
        .plan = plan, .weights = job->weights + plan->base[s], .segment = s, .planar = planar,
        .unit = dn_conv_unit(plan, planar ? 1 : dn_conv_group_size(plan, group)),
        .bf16 = dn_conv_packs_bf16(plan, s), .matrices = dn_conv_takes_matrices(plan, s)};
    block.first_output = group * (planar ? 1 : plan->kernels->group * DN_LANES);
    block.to = job->packed + dn_conv_offset(plan, phase, group)[s];
    for (int64_t b = 0; b < plan->in[s].blocks; b++) {
      block.first_input = b * plan->in[s].lanes;
      block.taps = 0;
      dn_view_each_tap(view, pack_tap, &block);
      block.to += plan->in[s].lanes * block.taps * block.unit * (block.bf16 ? 2 : 4);
    }
  }
}

void dn_conv_pack(const dn_conv *plan, const float *weights, const float *bias, void *packed) {
  packing job = {plan, weights, packed};
  dn_parallel(plan->phase_count * plan->groups, pack_group, &job);
  float *padded = (float *)((char *)packed + plan->bias_offset);
  memset(padded, 0, plan->packed_bytes - plan->bias_offset);
  if (bias && plan->has_bias) memcpy(padded, bias, (size_t)plan->output.channels * sizeof(float));
}
