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

// The taps of the kernel that one packed tap is the sum of, as offsets from a weight's first.
typedef struct tap_sum {
  int64_t count, offset[DN_MAX_KERNEL * DN_MAX_KERNEL * DN_MAX_KERNEL];
} tap_sum;

static void list_offsets(const dn_conv *plan, const dn_tap_place *at, tap_sum *sum) {
  sum->count = 0;
  for (int32_t z = 0; z < at->tap[0]->count; z++)
    for (int32_t y = 0; y < at->tap[1]->count; y++)
      for (int32_t x = 0; x < at->tap[2]->count; x++) {
        int64_t tap = (at->tap[0]->first + z) * plan->kernel[1] + at->tap[1]->first + y;
        sum->offset[sum->count++] = tap * plan->kernel[2] + at->tap[2]->first + x;
      }
}

// Elements from the start of a block to the weight of a lane for the first output, in the orders of
// dn_tile; outputs follow each other, in bfloat16 with a step of two.
static int64_t packed_place(
    const block_packing *job, const dn_tap_place *at, int64_t lanes, int64_t lane) {
  int64_t run = job->taps * lanes * job->unit;
  if (job->planar) return at->index * lanes + lane;
  if (!job->bf16) return run + (lane * at->length + at->place) * job->unit;
  int64_t tap = lane / 2 * at->length + at->place;
  if (job->matrices) tap = (at->place + (at->place == 2)) * lanes / 2 + lane / 2;
  return run + tap * job->unit * 2 + lane % 2;
}

static void pack_tap(void *context, const dn_tap_place *at) {
  block_packing *job = context;
  const dn_conv *plan = job->plan;
  int64_t lanes = plan->in[job->segment].lanes, channels = plan->input[job->segment].channels;
  int64_t outputs = dn_min(job->unit, plan->output.channels - job->first_output);
  tap_sum sum;
  list_offsets(plan, at, &sum);
  for (int64_t lane = 0; lane < lanes; lane++) {
    const float *of = job->weights + job->first_output * plan->output_stride +
                      (job->first_input + lane) * plan->input_stride;
    int64_t place = packed_place(job, at, lanes, lane);
    for (int64_t o = 0; o < job->unit; o++, of += plan->output_stride) {
      float value = 0;
      if (job->first_input + lane < channels && o < outputs)
        for (int64_t t = 0; t < sum.count; t++) value += of[sum.offset[t]];
      if (job->bf16) ((uint16_t *)job->to)[place + 2 * o] = bf16_of_float(value);
      else ((float *)job->to)[place + o] = value;
    }
  }
  if (at->place + 1 < at->length) return;
  bool zeros = job->matrices && at->length == 3;
  if (zeros)
    memset(
        (uint16_t *)job->to + (job->taps + 2) * lanes * job->unit, 0,
        (size_t)(lanes * job->unit) * sizeof(uint16_t));
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
