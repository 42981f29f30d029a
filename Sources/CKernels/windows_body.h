// Greatest of neighbours, and halving and doubling by taps along each axis, a row at a time.

// Pixels 0 and, where there is an axis, 1 on.
#define EACH_NEIGHBOUR(job, z, y, x) \
  for (int64_t z = 0; z <= (job)->reach[0]; z++) \
    for (int64_t y = 0; y <= (job)->reach[1]; y++) \
      for (int64_t x = 0; x <= (job)->reach[2]; x++)
#define NEIGHBOUR_PLACE(job, z, y, x) \
  ((z) * (job)->fine_strides.plane + (y) * (job)->fine_strides.row + (x) * 16)
#define NEIGHBOUR_NUMBER(z, y, x) ((z) * 4 + (y) * 2 + (x))

DN_INLINE void NAME(neighbour_max_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  const NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    int64_t place = at.fine + x * 16;
    vec best = load_pixel(job->source, place, bf16);
    EACH_NEIGHBOUR(job, cz, cy, cx) {
      vec value = load_pixel(job->source, place + NEIGHBOUR_PLACE(job, cz, cy, cx), bf16);
      best = value > best ? value : best;
    }
    store_pixel(job->output, place, best, bf16);
  }
}

// A pixel has part in the windows that start at it and before it: it gets the gradient of those
// that it wins, which is the first greatest in each.
DN_INLINE void NAME(neighbour_max_gradient_row)(
    const dn_scaling_job *job, int64_t row, const int bf16) {
  const NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    int64_t place = at.fine + x * 16;
    vec sum = 0;
    EACH_NEIGHBOUR(job, wz, wy, wx) {
      int64_t window = place - NEIGHBOUR_PLACE(job, wz, wy, wx);
      vec best = load_pixel(job->gate, window, bf16);
      ivec number = 0;
      EACH_NEIGHBOUR(job, cz, cy, cx) {
        vec value = load_pixel(job->gate, window + NEIGHBOUR_PLACE(job, cz, cy, cx), bf16);
        ivec larger = value > best;
        best = larger ? value : best;
        number = larger ? (ivec)(int)NEIGHBOUR_NUMBER(cz, cy, cx) : number;
      }
      vec gradient = load_pixel(job->source, window, bf16);
      sum += number == (ivec)(int)NEIGHBOUR_NUMBER(wz, wy, wx) ? gradient : (vec)0;
    }
    store_pixel(job->output, place, sum, bf16);
  }
}

// What coarse pixel `at` takes of the fine pixels -1, 0, 1, 2 from its first child along an axis.
typedef struct NAME(axis_taps) {
  float weight[4];
} NAME(axis_taps);

DN_INLINE NAME(axis_taps) NAME(contracting)(const dn_scaling_job *job, int axis, int64_t at) {
  if (job->scale[axis] == 1) return (NAME(axis_taps)){{0, 1, 0, 0}};
  NAME(axis_taps) taps;
  memcpy(taps.weight, job->weight, sizeof taps.weight);
  if (job->clamped && at == 0) taps.weight[1] += taps.weight[0], taps.weight[0] = 0;
  if (job->clamped && at == job->rows.layout.size[axis] - 1)
    taps.weight[2] += taps.weight[3], taps.weight[3] = 0;
  return taps;
}

DN_INLINE void NAME(contract_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  const NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  const int64_t height = job->rows.layout.size[1], depth = job->rows.layout.size[0];
  const NAME(axis_taps) along_z = NAME(contracting)(job, 0, row / height % depth);
  const NAME(axis_taps) along_y = NAME(contracting)(job, 1, row % height);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    const NAME(axis_taps) along_x = NAME(contracting)(job, 2, x);
    const int64_t first = at.fine + x * job->scale[2] * 16;
    vec sum = 0;
    for (int z = 0; z < 4; z++)
      for (int y = 0; y < 4; y++) {
        const float outer = along_z.weight[z] * along_y.weight[y];
        if (outer == 0) continue;
        const int64_t line = first + NEIGHBOUR_PLACE(job, z - 1, y - 1, 0);
        for (int t = 0; t < 4; t++)
          if (along_x.weight[t] != 0)
            sum += load_pixel(job->source, line + (t - 1) * 16, bf16) * (outer * along_x.weight[t]);
      }
    store_pixel(job->output, at.coarse + x * 16, sum, bf16);
  }
}

// What child 0 or 1 of coarse pixel `at` takes of that and of its neighbour on the child's side.
typedef struct NAME(axis_share) {
  float weight[2];
  int64_t step;  // to the neighbour: -1 or 1
} NAME(axis_share);

DN_INLINE NAME(axis_share) NAME(expanding)(
    const dn_scaling_job *job, int axis, int64_t at, int64_t child) {
  if (job->scale[axis] == 1) return (NAME(axis_share)){{1, 0}, 0};
  NAME(axis_share) share = {{job->weight[child + 1], job->weight[child ? 0 : 3]}, child ? 1 : -1};
  if (job->clamped && at == (child ? job->rows.layout.size[axis] - 1 : 0))
    share.weight[0] += share.weight[1], share.weight[1] = 0;
  return share;
}

DN_INLINE void NAME(expand_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  const NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  const dn_strides *coarse = &job->rows.strides;
  const int64_t height = job->rows.layout.size[1], depth = job->rows.layout.size[0];
  EACH_CHILD(job) {
    const NAME(axis_share) along_z = NAME(expanding)(job, 0, row / height % depth, dz);
    const NAME(axis_share) along_y = NAME(expanding)(job, 1, row % height, dy);
    for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
      const NAME(axis_share) along_x = NAME(expanding)(job, 2, x, dx);
      vec sum = 0;
      for (int z = 0; z < 2; z++)
        for (int y = 0; y < 2; y++) {
          const float outer = along_z.weight[z] * along_y.weight[y];
          if (outer == 0) continue;
          const int64_t line = at.coarse + x * 16 + z * along_z.step * coarse->plane +
                               y * along_y.step * coarse->row;
          for (int t = 0; t < 2; t++)
            if (along_x.weight[t] != 0)
              sum += load_pixel(job->source, line + t * along_x.step * 16, bf16) *
                     (outer * along_x.weight[t]);
        }
      store_pixel(
          job->output, at.fine + x * job->scale[2] * 16 + CHILD_PLACE(job), sum, bf16);
    }
  }
}

SCALING_PASS(neighbour_max)
SCALING_PASS(neighbour_max_gradient)
SCALING_PASS(contract)
SCALING_PASS(expand)
