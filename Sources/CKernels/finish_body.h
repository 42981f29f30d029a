// Bias, activation, gate, accumulation and sums of a row of outputs, on the way to memory.

DN_INLINE void NAME(finish_blocks)(
    const dn_finish *of, const float *sums, int64_t pixels, int64_t blocks, int64_t at,
    const int bf16, const int gated, const int accumulate) {
  const dn_finish copy = *of, *job = &copy;  // stores cannot change a copy
  for (int64_t b = 0; b < blocks; b++, at += job->block_stride) {
    const vec bias = load(job->bias + b * 16);
    vec total = 0, squares = 0;
    for (int64_t i = 0; i < pixels; i++) {
      int64_t place = at + i * job->step;
      vec v = load(sums + (i * blocks + b) * 16) + bias;
      v = v > 0 ? v : v * job->slope;
      if (gated) v = load_pixel(job->gate, place, bf16) > 0 ? v : v * job->gate_slope;
      if (accumulate) v += load_pixel(job->output, place, bf16);
      total += v;
      squares += v * v;
      store_pixel(job->output, place, v, bf16);
    }
    if (!job->totals) continue;
    for (int lane = 0; lane < 16; lane++) {
      job->totals[b * 16 + lane] += (double)total[lane];
      job->totals[job->totals_stride + b * 16 + lane] += (double)squares[lane];
    }
  }
}

DN_INLINE void NAME(finish_planar)(
    const dn_finish *job, const float *sums, int64_t pixels, int64_t at) {
  float *output = (float *)job->output + at;
  const float *gate = job->gate ? (const float *)job->gate + at : NULL;
  float total = 0, squares = 0;
  for (int64_t i = 0; i < pixels; i++) {
    int64_t place = i * job->step;
    float v = sums[i] + job->bias[0];
    v = v > 0 ? v : v * job->slope;
    if (gate) v = gate[place] > 0 ? v : v * job->gate_slope;
    if (job->accumulate) v += output[place];
    total += v;
    squares += v * v;
    output[place] = v;
  }
  if (!job->totals) return;
  job->totals[0] += (double)total;
  job->totals[job->totals_stride] += (double)squares;
}

static void NAME(finish)(
    const dn_finish *job, const float *sums, int64_t pixels, int64_t blocks, int64_t at) {
  const int gated = job->gate != NULL, add = job->accumulate;
  if (job->storage == DN_PLANAR) {
    NAME(finish_planar)(job, sums, pixels, at);
  } else if (job->storage == DN_BLOCKED_BF16) {
    if (!gated && !add) NAME(finish_blocks)(job, sums, pixels, blocks, at, 1, 0, 0);
    else if (!add) NAME(finish_blocks)(job, sums, pixels, blocks, at, 1, 1, 0);
    else if (!gated) NAME(finish_blocks)(job, sums, pixels, blocks, at, 1, 0, 1);
    else NAME(finish_blocks)(job, sums, pixels, blocks, at, 1, 1, 1);
  } else {
    if (!gated && !add) NAME(finish_blocks)(job, sums, pixels, blocks, at, 0, 0, 0);
    else if (!add) NAME(finish_blocks)(job, sums, pixels, blocks, at, 0, 1, 0);
    else if (!gated) NAME(finish_blocks)(job, sums, pixels, blocks, at, 0, 0, 1);
    else NAME(finish_blocks)(job, sums, pixels, blocks, at, 0, 1, 1);
  }
}
