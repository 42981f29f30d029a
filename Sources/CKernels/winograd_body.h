// The transforms of Winograd's algorithm, a row of tiles at a time; see winograd.c.

// B' d along one axis: 4 inputs into 4 numbers.
#define DN_WINOGRAD_SPREAD(to0, to1, to2, to3, d0, d1, d2, d3) \
  to0 = (d0) - (d2); \
  to1 = (d1) + (d2); \
  to2 = (d2) - (d1); \
  to3 = (d1) - (d3)

// One column of inputs, transformed along the height.
DN_INLINE void NAME(winograd_column)(const float *source, int64_t row, vec column[4]) {
  vec a = load(source), b = load(source + row), c = load(source + 2 * row),
      d = load(source + 3 * row);
  DN_WINOGRAD_SPREAD(column[0], column[1], column[2], column[3], a, b, c, d);
}

static void NAME(winograd_inputs)(const dn_winograd_rows *rows) {
  const dn_winograd_rows job = *rows;  // stores cannot change a copy
  const float *source = job.source;
  float *to = job.to;
  vec a[4], b[4], c[4], d[4];
  NAME(winograd_column)(source, job.row, a);
  NAME(winograd_column)(source + 16, job.row, b);
  for (int64_t tile = 0; tile < job.tiles; tile++, to += 16) {
    source += 32;
    NAME(winograd_column)(source, job.row, c);
    NAME(winograd_column)(source + 16, job.row, d);
    DN_UNROLL
    for (int y = 0; y < 4; y++) {
      vec p0, p1, p2, p3;
      DN_WINOGRAD_SPREAD(p0, p1, p2, p3, a[y], b[y], c[y], d[y]);
      store(to + (y * 4 + 0) * job.position, p0);
      store(to + (y * 4 + 1) * job.position, p1);
      store(to + (y * 4 + 2) * job.position, p2);
      store(to + (y * 4 + 3) * job.position, p3);
      a[y] = c[y];
      b[y] = d[y];
    }
  }
}

// A g A': gradients of 2 x 2 outputs a tile into 16 numbers; `source` is the first output.
static void NAME(winograd_gradients)(const dn_winograd_rows *rows) {
  const dn_winograd_rows job = *rows;  // stores cannot change a copy
  float *to = job.to;
  for (int64_t tile = 0; tile < job.tiles; tile++, to += 16) {
    const float *above = job.source + tile * 32, *below = above + job.row;
    vec a = load(above), b = load(above + 16), c = load(below), d = load(below + 16);
    vec first[4] = {a, a + b, a - b, -b}, second[4] = {c, c + d, c - d, -d};
    DN_UNROLL
    for (int x = 0; x < 4; x++) {
      store(to + x * job.position, first[x]);
      store(to + (4 + x) * job.position, first[x] + second[x]);
      store(to + (8 + x) * job.position, first[x] - second[x]);
      store(to + (12 + x) * job.position, -second[x]);
    }
  }
}

// Products [position][tile][unit] into two rows of outputs [row][2 * tiles][unit].
static void NAME(winograd_outputs)(
    const float *products, int64_t position, int64_t tiles, int64_t unit, float *outputs) {
  float *below = outputs + 2 * tiles * unit;
  for (int64_t tile = 0; tile < tiles; tile++)
    for (int64_t lane = 0; lane < unit; lane += 16) {
      const float *from = products + tile * unit + lane;
      vec left[4], right[4];
      DN_UNROLL
      for (int y = 0; y < 4; y++) {
        vec m0 = load(from + (y * 4 + 0) * position), m1 = load(from + (y * 4 + 1) * position),
            m2 = load(from + (y * 4 + 2) * position), m3 = load(from + (y * 4 + 3) * position);
        left[y] = m0 + m1 + m2;
        right[y] = m1 - m2 - m3;
      }
      int64_t at = 2 * tile * unit + lane;
      store(outputs + at, left[0] + left[1] + left[2]);
      store(outputs + at + unit, right[0] + right[1] + right[2]);
      store(below + at, left[1] - left[2] - left[3]);
      store(below + at + unit, right[1] - right[2] - right[3]);
    }
}
