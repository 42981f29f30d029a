#include "checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

float *check_zeros(int64_t count) { return calloc((size_t)count + 16, sizeof(float)); }

float *check_random(int64_t count, uint32_t seed) {
  float *values = check_zeros(count);
  uint32_t state = seed * 2654435761u + 12345u;
  for (int64_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / (float)(1 << 23) - 1.0f;
  }
  return values;
}

void *check_tensor(const dn_layout *layout, const float *plain) {
  void *tensor = dn_allocate(dn_layout_bytes(layout));
  if (plain) dn_import(layout, plain, tensor);
  return tensor;
}

void check_release(const dn_layout *layout, void *tensor) {
  dn_release(tensor, dn_layout_bytes(layout));
}

void check_round(float *values, int64_t count, dn_storage storage) {
  if (storage != DN_BLOCKED_BF16) return;
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    bits = (bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u;
    memcpy(&values[i], &bits, sizeof bits);
  }
}

static void fail(dn_report *report, const char *line) {
  report->failures++;
  size_t length = strlen(report->text);
  snprintf(report->text + length, sizeof report->text - length, "%s\n", line);
}

void check_true(dn_report *report, const char *what, bool holds) {
  report->cases++;
  if (!holds) fail(report, what);
}

void check_close(
    dn_report *report, const char *what, const float *found, const float *expected,
    int64_t count, double tolerance) {
  report->cases++;
  double largest = 1, worst = 0;
  int64_t where = 0;
  for (int64_t i = 0; i < count; i++) {
    double difference = fabs((double)found[i] - (double)expected[i]);
    largest = fmax(largest, fabs((double)expected[i]));
    if (!(difference <= worst)) {
      worst = isnan(difference) ? INFINITY : difference;
      where = i;
    }
  }
  if (worst <= tolerance * largest) return;
  char line[300];
  snprintf(
      line, sizeof line, "%s: element %lld is %g, expected %g (largest %g)", what,
      (long long)where, (double)found[where], (double)expected[where], largest);
  fail(report, line);
}

void check_each_isa(void (*body)(void *), void *context) {
  dn_isa before = dn_kernels_isa();
  for (int isa = DN_ISA_PORTABLE; isa <= DN_ISA_BEST; isa++)
    if (dn_kernels_force_isa((dn_isa)isa)) body(context);
  dn_kernels_force_isa(before);
}

bool check_clean(const dn_layout *layout, const void *tensor) {
  size_t bytes = dn_layout_bytes(layout);
  int64_t count = layout->batch * layout->channels * dn_layout_pixels(layout);
  float *plain = check_zeros(count);
  dn_export(layout, tensor, plain);
  void *again = check_tensor(layout, plain);
  bool same = memcmp(again, tensor, bytes) == 0;
  check_release(layout, again);
  free(plain);
  return same;
}
