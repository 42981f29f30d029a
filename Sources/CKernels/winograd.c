// Convolutions of 3 x 3 taps by Winograd's minimal filtering, F(2 x 2, 3 x 3): every tile of 2 x 2
// outputs of a channel takes 16 multiplications in the place of 36.
//
// The 4 x 4 inputs of a tile are transformed (B' d B), each of the 16 numbers that come of it is
// multiplied with the transformed weights (G g G') and summed over the input channels and the taps
// in depth, and the 16 sums are transformed back (A' m A). The products are those of a 1 x 1
// convolution over tiles, 16 times, and run in the same register tiles as direct convolution. It
// is exact but for rounding, whose error is a few times that of direct convolution.
//
// The gradient with respect to the weights is the transpose of this, in weights_run.c.
#include "winograd.h"

#include "CSupport.h"

enum { MOST_TILES = 64, TRANSFORMED_BYTES = 320 << 10 };

bool dn_winograd_three_taps(const dn_axis_view *view, int64_t tap[3]) {
  if (view->taps != 3 || view->step != 1) return false;
  for (int64_t t = 0; t < 3; t++) {
    int64_t offset = view->tap[t].offset;
    if (view->tap[t].count != 1 || offset < -1 || offset > 1) return false;
    tap[offset + 1] = view->tap[t].first;
  }
  return true;
}

static int64_t inner_blocks(const dn_conv *plan) {
  return plan->in[0].blocks * plan->phase[0].view[0].axis[0].taps;
}

void dn_winograd_choose(dn_conv *plan) {
  const int64_t *size = plan->output.size;
  if (plan->segments != 1 || plan->phase_count != 1 || plan->input[0].storage != DN_BLOCKED ||
      plan->output.storage != DN_BLOCKED || size[1] % 2 || size[2] % 2 || size[2] < 8)
    return;
  const dn_view *view = &plan->phase[0].view[0];
  if (view->axis[0].step != 1 || !dn_winograd_three_taps(&view->axis[1], plan->winograd.tap[0]) ||
      !dn_winograd_three_taps(&view->axis[2], plan->winograd.tap[1]))
    return;
  dn_winograd_plan *winograd = &plan->winograd;
  int64_t tile_bytes = DN_POSITIONS * inner_blocks(plan) * DN_LANES * (int64_t)sizeof(float);
  int64_t tiles = dn_max(8, dn_min(MOST_TILES, TRANSFORMED_BYTES / tile_bytes / 8 * 8));
  int64_t across = size[2] / 2, down = size[1] / 2;
  winograd->columns = dn_ceil_div(across, dn_ceil_div(across, tiles));
  winograd->rows = dn_max(1, dn_min(down, tiles / winograd->columns));
  winograd->tiles = winograd->rows * winograd->columns;
}

size_t dn_winograd_weight_bytes(const dn_conv *plan, int64_t blocks) {
  return (size_t)(DN_POSITIONS * inner_blocks(plan) * DN_LANES * dn_conv_unit(plan, blocks)) *
         sizeof(float);
}

// Three weights along one axis into four: G g.
static void spread(const float *g, int64_t step, float *to, int64_t to_step) {
  float a = g[0], b = g[step], c = g[2 * step];
  to[0] = a;
  to[to_step] = (a + b + c) / 2;
  to[2 * to_step] = (a - b + c) / 2;
  to[3 * to_step] = c;
}

void dn_winograd_pack(const dn_conv *plan, const float *weights, int64_t group, float *packed) {
  int64_t blocks = dn_conv_group_size(plan, group), unit = dn_conv_unit(plan, blocks);
  int64_t inner = inner_blocks(plan), position = inner * DN_LANES * unit;
  const dn_axis_view *depth = &plan->phase[0].view[0].axis[0];
  const int64_t(*tap)[3] = plan->winograd.tap;
  for (int64_t block = 0; block < inner; block++)
    for (int64_t lane = 0; lane < DN_LANES; lane++)
      for (int64_t o = 0; o < unit; o++) {
        int64_t input = block % plan->in[0].blocks * DN_LANES + lane;
        int64_t output = group * plan->kernels->group * DN_LANES + o;
        float g[9] = {0}, half[12], whole[DN_POSITIONS];
        if (input < plan->input[0].channels && output < plan->output.channels) {
          const float *of = weights + plan->base[0] + output * plan->output_stride +
                            input * plan->input_stride +
                            depth->tap[block / plan->in[0].blocks].first * plan->kernel[1] *
                                plan->kernel[2];
          for (int y = 0; y < 3; y++)
            for (int x = 0; x < 3; x++) g[y * 3 + x] = of[tap[0][y] * plan->kernel[2] + tap[1][x]];
        }
        for (int x = 0; x < 3; x++) spread(g + x, 3, half + x, 3);
        for (int y = 0; y < 4; y++) spread(half + y * 3, 1, whole + y * 4, 1);
        for (int p = 0; p < DN_POSITIONS; p++)
          packed[p * position + (block * DN_LANES + lane) * unit + o] = whole[p];
      }
}

// What one thread works in, in floats: transformed inputs, products, and rows of outputs.
typedef struct areas {
  int64_t inputs, products, outputs;
} areas;

static areas areas_of(const dn_conv *plan) {
  int64_t tiles = plan->winograd.tiles;
  int64_t unit = dn_conv_unit(plan, dn_min(plan->kernels->group, plan->out.blocks));
  return (areas){
      DN_POSITIONS * inner_blocks(plan) * tiles * DN_LANES, DN_POSITIONS * tiles * unit,
      4 * tiles * unit};
}

// For as many threads as there are, and no fewer than a machine's cores: more may be asked for
// between this and the run.
static int64_t places(void) {
  enum { LEAST = 4 };
  return dn_max(dn_threads(), dn_max(dn_cores(), LEAST));
}

size_t dn_winograd_workspace_bytes(const dn_conv *plan) {
  if (!plan->winograd.tiles) return 0;
  areas of = areas_of(plan);
  return (size_t)((of.inputs + of.products + of.outputs) * places()) * sizeof(float);
}

// Products of one position: a row of tiles of all inner blocks with the weights of a group.
static void multiply(
    const dn_conv *plan, const float *inputs, const float *weights, int64_t blocks, int64_t tiles,
    float *products) {
  static const dn_run run = {0, 1};
  const dn_kernels *kernels = plan->kernels;
  int64_t unit = dn_conv_unit(plan, blocks), size_log = kernels->tile_log[blocks - 1];
  dn_tile tile = {
      .source = inputs, .block_stride = plan->winograd.tiles * DN_LANES,
      .blocks = inner_blocks(plan), .runs = &run, .run_count = 1, .weights = weights,
      .sums = products, .first = true};
  while (tiles > 0) {
    while (((int64_t)1 << size_log) > tiles) size_log--;
    kernels->tile[DN_BLOCKED][0][blocks - 1][size_log](&tile);
    int64_t done = (int64_t)1 << size_log;
    tile.source = (const float *)tile.source + done * DN_LANES;
    tile.sums += done * unit;
    tiles -= done;
  }
}

// All inputs of a piece, transformed: [position][depth tap and block][tile][lane].
static void transform_inputs(const dn_conv_job *job, const dn_conv_piece *at, float *to) {
  const dn_conv *plan = job->plan;
  const dn_strides *in = &plan->in[0];
  const dn_axis_view *depth = &at->phase->view[0].axis[0];
  int64_t columns = at->width / 2;
  dn_winograd_rows rows = {
      .row = in->row, .tiles = columns,
      .position = inner_blocks(plan) * plan->winograd.tiles * DN_LANES};
  for (int64_t tap = 0; tap < depth->taps; tap++)
    for (int64_t block = 0; block < in->blocks; block++) {
      const float *source = (const float *)job->arguments->source[0] + in->origin +
                            at->image * in->image + block * in->block +
                            (at->z + depth->tap[tap].offset) * in->plane;
      float *area = to + (tap * in->blocks + block) * plan->winograd.tiles * DN_LANES;
      for (int64_t y = 0; y < at->rows / 2; y++) {
        rows.source = source + (at->y + 2 * y - 1) * in->row + (at->x - 1) * in->lanes;
        rows.to = area + y * columns * DN_LANES;
        plan->kernels->winograd_inputs(&rows);
      }
    }
}

static void run_piece(const dn_conv_job *job, const dn_conv_piece *at, double *totals) {
  const dn_conv *plan = job->plan;
  areas of = areas_of(plan);
  float *inputs = (float *)job->arguments->workspace +
                  dn_thread() * (of.inputs + of.products + of.outputs);
  float *products = inputs + of.inputs, *outputs = products + of.products;
  int64_t columns = at->width / 2, tiles = at->rows / 2 * columns, inner = inner_blocks(plan);
  transform_inputs(job, at, inputs);
  for (int64_t group = 0; group < plan->groups; group++) {
    int64_t blocks = dn_conv_group_size(plan, group), unit = dn_conv_unit(plan, blocks);
    const float *weights =
        (const float *)((const char *)job->arguments->packed + dn_conv_offset(plan, 0, group)[0]);
    for (int64_t p = 0; p < DN_POSITIONS; p++)
      multiply(
          plan, inputs + p * inner * plan->winograd.tiles * DN_LANES,
          weights + p * inner * DN_LANES * unit, blocks, tiles, products + p * tiles * unit);
    for (int64_t y = 0; y < at->rows / 2; y++)
      plan->kernels->winograd_outputs(
          products + y * columns * unit, tiles * unit, columns, unit,
          outputs + 2 * y * at->width * unit);
    dn_conv_finish_piece(job, at, group * plan->kernels->group, blocks, outputs, totals);
  }
}

void dn_winograd_strip(const dn_conv_job *job, int64_t strip, double *totals) {
  const dn_conv *plan = job->plan;
  const dn_phase *phase = &plan->phase[0];
  int64_t rows = 2 * plan->winograd.rows, width = 2 * plan->winograd.columns;
  int64_t depth = plan->output.size[0], y = strip % plan->strips_per_plane * rows;
  int64_t plane = strip / plan->strips_per_plane;
  dn_conv_piece at = {phase, 0, plane / depth, plane % depth, y, 0, 0, 0};
  at.rows = dn_min(rows, plan->output.size[1] - y);
  for (; at.x < plan->output.size[2]; at.x += at.width) {
    at.width = dn_min(width, plan->output.size[2] - at.x);
    run_piece(job, &at, totals);
  }
}
