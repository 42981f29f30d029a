#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CCairoShim.h"
#include "library.h"

struct dn_canvas {
  const dn_cairo_table *lib;
  cairo_surface_t *surface;
  cairo_t *context;
  int is_stream;
  // The SVG text so far.
  uint8_t *bytes;
  size_t count, capacity;
};

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length) {
  dn_canvas *c = closure;
  if (length > c->capacity - c->count) {
    size_t capacity = (c->capacity + length) * 2;
    uint8_t *bytes = realloc(c->bytes, capacity);
    if (!bytes) return CAIRO_STATUS_NO_MEMORY;
    c->bytes = bytes;
    c->capacity = capacity;
  }
  memcpy(c->bytes + c->count, data, length);
  c->count += length;
  return CAIRO_STATUS_SUCCESS;
}

static void paint_white(dn_canvas *c) {
  c->lib->cairo_set_source_rgba(c->context, 1, 1, 1, 1);
  c->lib->cairo_paint(c->context);
}

/// Glyphs without hinting, so that a text takes the same room at every scale and in SVG.
static int begin(dn_canvas *c) {
  const dn_cairo_table *lib = c->lib;
  if (lib->cairo_surface_status(c->surface) != CAIRO_STATUS_SUCCESS) return -1;
  c->context = lib->cairo_create(c->surface);
  cairo_font_options_t *options = lib->cairo_font_options_create();
  lib->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  lib->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  lib->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  lib->cairo_set_font_options(c->context, options);
  lib->cairo_font_options_destroy(options);
  return lib->cairo_status(c->context) == CAIRO_STATUS_SUCCESS ? 0 : -1;
}

static dn_canvas *fresh(void) {
  const dn_cairo_table *lib = dn_cairo(NULL);
  dn_canvas *c = lib ? calloc(1, sizeof *c) : NULL;
  if (c) c->lib = lib;
  return c;
}

dn_canvas *dn_canvas_raster(double width, double height, double scale) {
  dn_canvas *c = fresh();
  if (!c) return NULL;
  c->surface = c->lib->cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, (int)ceil(width * scale - 1e-6), (int)ceil(height * scale - 1e-6));
  if (begin(c)) {
    dn_canvas_free(c);
    return NULL;
  }
  paint_white(c);
  c->lib->cairo_scale(c->context, scale, scale);
  return c;
}

dn_canvas *dn_canvas_svg(double width, double height) {
  dn_canvas *c = fresh();
  if (!c) return NULL;
  c->is_stream = 1;
  c->surface = c->lib->cairo_svg_surface_create_for_stream(append, c, width, height);
  if (begin(c)) {
    dn_canvas_free(c);
    return NULL;
  }
  paint_white(c);
  return c;
}

void dn_canvas_free(dn_canvas *c) {
  if (c->context) c->lib->cairo_destroy(c->context);
  if (c->surface) c->lib->cairo_surface_destroy(c->surface);
  free(c->bytes);
  free(c);
}

void dn_canvas_save(dn_canvas *c) { c->lib->cairo_save(c->context); }
void dn_canvas_restore(dn_canvas *c) { c->lib->cairo_restore(c->context); }

void dn_canvas_clip(dn_canvas *c, double x, double y, double width, double height) {
  c->lib->cairo_new_path(c->context);
  c->lib->cairo_rectangle(c->context, x, y, width, height);
  c->lib->cairo_clip(c->context);
}

void dn_canvas_color(dn_canvas *c, double red, double green, double blue, double alpha) {
  c->lib->cairo_set_source_rgba(c->context, red, green, blue, alpha);
}

void dn_canvas_path(dn_canvas *c, const double *points, long count, int closed) {
  for (long i = 0; i < count; i++) {
    if (i == 0)
      c->lib->cairo_move_to(c->context, points[0], points[1]);
    else
      c->lib->cairo_line_to(c->context, points[2 * i], points[2 * i + 1]);
  }
  if (closed && count > 0) c->lib->cairo_close_path(c->context);
}

void dn_canvas_circle(dn_canvas *c, double x, double y, double radius) {
  c->lib->cairo_new_sub_path(c->context);
  c->lib->cairo_arc(c->context, x, y, radius, 0, 2 * M_PI);
  c->lib->cairo_close_path(c->context);
}

void dn_canvas_fill(dn_canvas *c) { c->lib->cairo_fill(c->context); }

void dn_canvas_stroke(dn_canvas *c, double width, double dash, double gap, int round) {
  const double dashes[2] = {dash, gap};
  c->lib->cairo_set_line_width(c->context, width);
  c->lib->cairo_set_dash(c->context, dashes, dash > 0 ? 2 : 0, 0);
  c->lib->cairo_set_line_join(c->context, round ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER);
  c->lib->cairo_set_line_cap(
      c->context, round && dash <= 0 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  c->lib->cairo_stroke(c->context);
}

void dn_canvas_font(dn_canvas *c, double size, int bold) {
  c->lib->cairo_select_font_face(
      c->context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
      bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  c->lib->cairo_set_font_size(c->context, size);
}

void dn_canvas_measure(dn_canvas *c, const char *text, double *extents) {
  cairo_text_extents_t of_text;
  cairo_font_extents_t of_font;
  c->lib->cairo_text_extents(c->context, text, &of_text);
  c->lib->cairo_font_extents(c->context, &of_font);
  extents[0] = of_text.x_advance;
  extents[1] = of_font.ascent;
  extents[2] = of_font.descent;
}

void dn_canvas_text(dn_canvas *c, const char *text, double x, double y, double angle) {
  c->lib->cairo_save(c->context);
  c->lib->cairo_translate(c->context, x, y);
  if (angle != 0) c->lib->cairo_rotate(c->context, angle);
  c->lib->cairo_move_to(c->context, 0, 0);
  c->lib->cairo_show_text(c->context, text);
  c->lib->cairo_new_path(c->context);
  c->lib->cairo_restore(c->context);
}

int dn_canvas_picture(
    dn_canvas *c, const uint8_t *rgb, int columns, int rows, double x, double y, double width,
    double height) {
  const dn_cairo_table *lib = c->lib;
  cairo_surface_t *picture = lib->cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
  if (lib->cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS) {
    lib->cairo_surface_destroy(picture);
    return -1;
  }
  uint8_t *data = lib->cairo_image_surface_get_data(picture);
  size_t stride = (size_t)lib->cairo_image_surface_get_stride(picture);
  for (size_t row = 0; row < (size_t)rows; row++) {
    uint32_t *out = (uint32_t *)(void *)(data + row * stride);
    const uint8_t *in = rgb + row * (size_t)columns * 3;
    for (int i = 0; i < columns; i++)
      out[i] = (uint32_t)in[3 * i] << 16 | (uint32_t)in[3 * i + 1] << 8 | in[3 * i + 2];
  }
  lib->cairo_surface_mark_dirty(picture);
  lib->cairo_save(c->context);
  lib->cairo_translate(c->context, x, y);
  lib->cairo_scale(c->context, width / columns, height / rows);
  lib->cairo_set_source_surface(c->context, picture, 0, 0);
  cairo_pattern_t *pattern = lib->cairo_get_source(c->context);
  lib->cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
  lib->cairo_paint(c->context);
  lib->cairo_restore(c->context);
  lib->cairo_surface_destroy(picture);
  return 0;
}

int dn_canvas_finish(dn_canvas *c) {
  cairo_status_t drawn = c->lib->cairo_status(c->context);
  c->lib->cairo_surface_flush(c->surface);
  // Only a stream is ended here: a raster's pixels are read afterwards.
  if (c->is_stream) c->lib->cairo_surface_finish(c->surface);
  cairo_status_t kept = c->lib->cairo_surface_status(c->surface);
  return drawn == CAIRO_STATUS_SUCCESS
                 && (kept == CAIRO_STATUS_SUCCESS || kept == CAIRO_STATUS_SURFACE_FINISHED)
             ? 0
             : -1;
}

int dn_canvas_columns(const dn_canvas *c) {
  return c->lib->cairo_image_surface_get_width(c->surface);
}

int dn_canvas_rows(const dn_canvas *c) {
  return c->lib->cairo_image_surface_get_height(c->surface);
}

void dn_canvas_read_rgb(const dn_canvas *c, uint8_t *rgb) {
  const uint8_t *data = c->lib->cairo_image_surface_get_data(c->surface);
  size_t stride = (size_t)c->lib->cairo_image_surface_get_stride(c->surface);
  int columns = dn_canvas_columns(c), rows = dn_canvas_rows(c);
  for (size_t row = 0; row < (size_t)rows; row++) {
    const uint32_t *in = (const uint32_t *)(const void *)(data + row * stride);
    for (int i = 0; i < columns; i++) {
      *rgb++ = (uint8_t)(in[i] >> 16);
      *rgb++ = (uint8_t)(in[i] >> 8);
      *rgb++ = (uint8_t)in[i];
    }
  }
}

const uint8_t *dn_canvas_svg_bytes(const dn_canvas *c, size_t *count) {
  *count = c->count;
  return c->bytes;
}
