// Max pooling and nearest upsampling, a coarse row at a time.

// Where row `row` of the coarse tensor and the fine rows under it start.
typedef struct NAME(scaled_row) {
  int64_t coarse, fine, pixels;  // `pixels`: number of the row's first pixel without halo
} NAME(scaled_row);

DN_INLINE NAME(scaled_row) NAME(find_scaled_row)(const dn_scaling_job *job, int64_t row) {
  const dn_layout *coarse = &job->rows.layout;
  const dn_strides *s = &job->rows.strides, *f = &job->fine_strides;
  int64_t y = row % coarse->size[1], plane = row / coarse->size[1];
  int64_t z = plane % coarse->size[0], block = plane / coarse->size[0];
  return (NAME(scaled_row)){
      s->origin + block * s->block + z * s->plane + y * s->row,
      f->origin + block * f->block + z * job->scale[0] * f->plane + y * job->scale[1] * f->row,
      row * coarse->size[2]};
}

// The pixels under a coarse one: calls follow the numbers of `winner`.
#define EACH_CHILD(job) \
  for (int64_t dz = 0; dz < (job)->scale[0]; dz++) \
    for (int64_t dy = 0; dy < (job)->scale[1]; dy++) \
      for (int64_t dx = 0; dx < (job)->scale[2]; dx++)
#define CHILD_NUMBER (dz * 4 + dy * 2 + dx)
#define CHILD_PLACE(job) \
  (dz * (job)->fine_strides.plane + dy * (job)->fine_strides.row + dx * 16)

DN_INLINE void NAME(pool_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    int64_t fine = at.fine + x * job->scale[2] * 16;
    vec best = load_pixel(job->source, fine, bf16);
    ivec number = 0;
    EACH_CHILD(job) {
      vec value = load_pixel(job->source, fine + CHILD_PLACE(job), bf16);
      ivec larger = value > best;
      best = larger ? value : best;
      number = larger ? (ivec)(int)CHILD_NUMBER : number;
    }
    store_pixel(job->output, at.coarse + x * 16, best, bf16);
    if (job->winner)
      *(bvec *)(job->winner + (at.pixels + x) * 16) = __builtin_convertvector(number, bvec);
  }
}

DN_INLINE void NAME(pool_gradient_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    vec gradient = load_pixel(job->source, at.coarse + x * 16, bf16);
    ivec number =
        __builtin_convertvector(*(const bvec *)(job->winner + (at.pixels + x) * 16), ivec);
    EACH_CHILD(job) {
      int64_t fine = at.fine + x * job->scale[2] * 16 + CHILD_PLACE(job);
      vec value = number == (ivec)(int)CHILD_NUMBER ? gradient : (vec)0;
      if (job->gate)
        value = load_pixel(job->gate, fine, bf16) > 0 ? value : value * job->gate_slope;
      if (job->accumulate) value += load_pixel(job->output, fine, bf16);
      store_pixel(job->output, fine, value, bf16);
    }
  }
}

DN_INLINE void NAME(upsample_row)(const dn_scaling_job *job, int64_t row, const int bf16) {
  NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    vec value = load_pixel(job->source, at.coarse + x * 16, bf16);
    EACH_CHILD(job)
      store_pixel(
          job->output, at.fine + x * job->scale[2] * 16 + CHILD_PLACE(job), value, bf16);
  }
}

DN_INLINE void NAME(upsample_gradient_row)(
    const dn_scaling_job *job, int64_t row, const int bf16) {
  NAME(scaled_row) at = NAME(find_scaled_row)(job, row);
  for (int64_t x = 0; x < job->rows.layout.size[2]; x++) {
    vec sum = 0;
    EACH_CHILD(job)
      sum += load_pixel(job->source, at.fine + x * job->scale[2] * 16 + CHILD_PLACE(job), bf16);
    int64_t place = at.coarse + x * 16;
    if (job->accumulate) sum += load_pixel(job->output, place, bf16);
    store_pixel(job->output, place, sum, bf16);
  }
}

#define SCALING_PASS(name) \
  static void NAME(name)(void *context, int64_t item) { \
    const dn_scaling_job *job = context; \
    const bool bf16 = job->rows.layout.storage == DN_BLOCKED_BF16; \
    int64_t end = dn_item_start(&job->rows, item + 1); \
    for (int64_t row = dn_item_start(&job->rows, item); row < end; row++) { \
      if (bf16) NAME(name##_row)(job, row, 1); \
      else NAME(name##_row)(job, row, 0); \
    } \
  }
SCALING_PASS(pool)
SCALING_PASS(pool_gradient)
SCALING_PASS(upsample)
SCALING_PASS(upsample_gradient)
