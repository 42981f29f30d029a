// Runs a planned convolution: strips of outputs, each through all sources, then the finish.
#include <string.h>

#include "CSupport.h"
#include "convolution_run.h"
#include "winograd.h"

// Blocks of inputs are taken together as long as their weights stay in the second-level cache.
enum { WEIGHT_BYTES = 192 << 10, MOST_SUMS = 64 * 2 * DN_LANES };

// One row of one source, cut into tiles from the largest size down.
static void add_row(
    const dn_conv *plan, int64_t segment, int64_t step, int64_t blocks, dn_tile tile,
    int64_t width) {
  const dn_kernels *kernels = plan->kernels;
  dn_storage kind = plan->input[segment].storage;
  bool planar = plan->output.storage == DN_PLANAR;
  if (dn_conv_takes_matrices(plan, segment)) return kernels->matrix_row(&tile, width, blocks, step);
  int64_t pixel = step * plan->in[segment].lanes * plan->in[segment].element;
  int64_t unit = dn_conv_unit(plan, blocks);
  int64_t size_log = planar ? 4 : kernels->tile_log[blocks - 1];
  while (width > 0) {
    while (((int64_t)1 << size_log) > width) size_log -= planar ? 4 : 1;
    if (planar) (size_log ? kernels->few[kind][step - 1] : kernels->few_one[kind][step - 1])(&tile);
    else kernels->tile[kind][step - 1][blocks - 1][size_log](&tile);
    int64_t done = (int64_t)1 << size_log;
    tile.source = (const char *)tile.source + done * pixel;
    tile.sums += done * unit;
    width -= done;
  }
}

// How much of a segment is taken through a row of tiles at once: some blocks with all their taps,
// or some of the runs of one block, so that the weights stay in the second-level cache.
typedef struct portion {
  int64_t blocks, runs;
} portion;

static portion choose_portion(const dn_view *view, int64_t block_bytes) {
  if (block_bytes <= WEIGHT_BYTES) return (portion){WEIGHT_BYTES / block_bytes, view->run_count};
  int64_t parts = dn_ceil_div(block_bytes, WEIGHT_BYTES);
  return (portion){1, dn_ceil_div(view->run_count, parts)};
}

static void add_segment(
    const dn_conv_job *job, const dn_conv_piece *at, int64_t segment, int64_t group, int64_t blocks,
    float *sums, bool *first) {
  const dn_conv *plan = job->plan;
  const dn_view *view = &at->phase->view[segment];
  const dn_strides *in = &plan->in[segment];
  if (view->taps == 0) return;
  int64_t unit = dn_conv_unit(plan, blocks);
  int64_t tap_bytes = in->lanes * unit * (dn_conv_packs_bf16(plan, segment) ? 2 : 4);
  int64_t all_taps = dn_conv_packed_taps(plan, segment, view->runs, view->run_count);
  const portion most = choose_portion(view, all_taps * tap_bytes);
  const char *source = (const char *)job->arguments->source[segment];
  int64_t row = view->axis[1].step * in->row;
  int64_t start = in->origin + at->image * in->image + at->z * view->axis[0].step * in->plane +
                  at->y * row + at->x * view->axis[2].step * in->lanes;
  dn_tile tile = {
      .block_stride = in->block,
      .weights = (const char *)job->arguments->packed +
                 dn_conv_offset(plan, at->phase_index, group)[segment]};
  for (int64_t block = 0; block < in->blocks; block += tile.blocks) {
    tile.blocks = dn_min(most.blocks, in->blocks - block);
    for (int64_t run = 0; run < view->run_count; run += tile.run_count) {
      tile.runs = view->runs + run;
      tile.run_count = dn_min(most.runs, view->run_count - run);
      tile.first = *first;
      *first = false;
      int64_t taps = dn_conv_packed_taps(plan, segment, tile.runs, tile.run_count);
      for (int64_t y = 0; y < at->rows; y++) {
        tile.source = source + (start + block * in->block + y * row) * in->element;
        tile.sums = sums + y * at->width * unit;
        add_row(plan, segment, view->axis[2].step, blocks, tile, at->width);
      }
      tile.weights = (const char *)tile.weights + tile.blocks * taps * tap_bytes;
    }
  }
}

// Where the outputs of a row of the piece start, in elements.
static int64_t output_row(const dn_conv *plan, const dn_conv_piece *at, int64_t block, int64_t y) {
  const dn_strides *out = &plan->out;
  const int64_t *phase = at->phase->phase, *phases = plan->phases;
  return out->origin + at->image * out->image + block * out->block +
         (at->z * phases[0] + phase[0]) * out->plane +
         ((at->y + y) * phases[1] + phase[1]) * out->row +
         (at->x * phases[2] + phase[2]) * out->lanes;
}

// Asks for the memory that the finish will read and write, while the products are computed.
static void prefetch_piece(const dn_conv_job *job, const dn_conv_piece *at, int64_t first, int64_t blocks) {
  const dn_conv *plan = job->plan;
  const char *output = job->arguments->output, *gate = job->arguments->gate;
  int64_t bytes = ((at->width - 1) * plan->phases[2] + 1) * plan->out.lanes * plan->out.element;
  for (int64_t b = first; b < first + blocks; b++)
    for (int64_t y = 0; y < at->rows; y++) {
      int64_t start = output_row(plan, at, b, y) * plan->out.element;
      for (int64_t line = 0; line < bytes; line += 64) {
        __builtin_prefetch(output + start + line, 0, 2);
        if (gate) __builtin_prefetch(gate + start + line, 0, 2);
      }
    }
}

void dn_conv_finish_piece(
    const dn_conv_job *job, const dn_conv_piece *at, int64_t block, int64_t blocks, const float *sums,
    double *totals) {
  const dn_conv *plan = job->plan;
  const dn_conv_run_arguments *arguments = job->arguments;
  const dn_strides *out = &plan->out;
  int64_t channel = block * out->lanes;
  const float *bias =
      (const float *)((const char *)arguments->packed + plan->bias_offset) + channel;
  dn_finish finish = {
      .output = arguments->output, .gate = arguments->gate, .bias = bias,
      .totals = totals ? totals + channel : NULL, .totals_stride = out->blocks * out->lanes,
      .slope = arguments->slope, .gate_slope = arguments->gate_slope,
      .accumulate = arguments->accumulate, .storage = plan->output.storage,
      .block_stride = out->block, .step = plan->phases[2] * out->lanes};
  for (int64_t y = 0; y < at->rows; y++) {
    const float *row = sums + y * at->width * dn_conv_unit(plan, blocks);
    plan->kernels->finish(&finish, row, at->width, blocks, output_row(plan, at, block, y));
  }
}

static void run_piece(const dn_conv_job *job, const dn_conv_piece *at, double *totals) {
  const dn_conv *plan = job->plan;
  _Alignas(64) float sums[MOST_SUMS];
  for (int64_t group = 0; group < plan->groups; group++) {
    bool planar = plan->output.storage == DN_PLANAR;
    int64_t blocks = planar ? 1 : dn_conv_group_size(plan, group);
    int64_t block = group * (planar ? 1 : plan->kernels->group);
    prefetch_piece(job, at, block, blocks);
    bool first = true;
    for (int64_t s = 0; s < plan->segments; s++)
      add_segment(job, at, s, group, blocks, sums, &first);
    if (first) memset(sums, 0, sizeof sums);  // outputs that no input reaches
    dn_conv_finish_piece(job, at, block, blocks, sums, totals);
  }
}

static void run_strip(const dn_conv_job *job, int64_t strip, double *totals) {
  const dn_conv *plan = job->plan;
  int64_t depth = dn_ceil_div(plan->output.size[0], plan->phases[0]);
  int64_t y = strip % plan->strips_per_plane * plan->strip_rows;
  int64_t z = strip / plan->strips_per_plane % depth;
  for (int64_t p = 0; p < plan->phase_count; p++) {
    const dn_phase *phase = &plan->phase[p];
    if (z >= phase->count[0]) continue;
    dn_conv_piece at = {phase, p, strip / plan->strips_per_plane / depth, z, y, 0, 0, 0};
    at.rows = dn_min(plan->strip_rows, phase->count[1] - y);
    if (at.rows <= 0) continue;
    for (; at.x < phase->count[2]; at.x += at.width) {
      at.width = dn_min(plan->strip_width, phase->count[2] - at.x);
      run_piece(job, &at, totals);
    }
  }
}

static void run_item(void *context, int64_t item) {
  const dn_conv_job *job = context;
  const dn_conv *plan = job->plan;
  int64_t channels = plan->out.blocks * plan->out.lanes;
  double *totals = job->totals ? job->totals + item * channels * 2 : NULL;
  if (totals) memset(totals, 0, (size_t)channels * 2 * sizeof(double));
  int64_t begin = item * plan->strips / plan->items, end = (item + 1) * plan->strips / plan->items;
  if (plan->kernels->enter) plan->kernels->enter();
  for (int64_t strip = begin; strip < end; strip++) {
    if (plan->winograd.tiles) dn_winograd_strip(job, strip, totals);
    else run_strip(job, strip, totals);
  }
  if (plan->kernels->leave) plan->kernels->leave();
}

static void add_totals(const dn_conv *plan, const double *totals, double *sums) {
  int64_t channels = plan->out.blocks * plan->out.lanes;
  for (int64_t kind = 0; kind < 2; kind++)
    for (int64_t c = 0; c < plan->output.channels; c++) {
      double sum = 0;
      for (int64_t item = 0; item < plan->items; item++)
        sum += totals[(item * 2 + kind) * channels + c];
      sums[kind * plan->output.channels + c] = sum;
    }
}

void dn_conv_run(const dn_conv *plan, const dn_conv_run_arguments *arguments) {
  char *workspace = arguments->workspace;
  dn_conv_job job = {
      plan, arguments,
      arguments->sums ? (double *)(workspace + dn_winograd_workspace_bytes(plan)) : NULL};
  dn_parallel(plan->items, run_item, &job);
  if (arguments->sums) add_totals(plan, job.totals, arguments->sums);
}
