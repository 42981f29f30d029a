#pragma once
#include <cairo/cairo-svg.h>
#include <cairo/cairo.h>

// Every function taken from the library, named once.
#define DN_CAIRO_FUNCTIONS(X)                                                                    \
  X(cairo_arc)                                                                                   \
  X(cairo_clip)                                                                                  \
  X(cairo_close_path)                                                                            \
  X(cairo_create)                                                                                \
  X(cairo_destroy)                                                                               \
  X(cairo_fill)                                                                                  \
  X(cairo_font_extents)                                                                          \
  X(cairo_font_options_create)                                                                   \
  X(cairo_font_options_destroy)                                                                  \
  X(cairo_font_options_set_antialias)                                                            \
  X(cairo_font_options_set_hint_metrics)                                                         \
  X(cairo_font_options_set_hint_style)                                                           \
  X(cairo_get_source)                                                                            \
  X(cairo_image_surface_create)                                                                  \
  X(cairo_image_surface_get_data)                                                                \
  X(cairo_image_surface_get_height)                                                              \
  X(cairo_image_surface_get_stride)                                                              \
  X(cairo_image_surface_get_width)                                                               \
  X(cairo_line_to)                                                                               \
  X(cairo_move_to)                                                                               \
  X(cairo_new_path)                                                                              \
  X(cairo_new_sub_path)                                                                          \
  X(cairo_paint)                                                                                 \
  X(cairo_pattern_set_filter)                                                                    \
  X(cairo_rectangle)                                                                             \
  X(cairo_restore)                                                                               \
  X(cairo_rotate)                                                                                \
  X(cairo_save)                                                                                  \
  X(cairo_scale)                                                                                 \
  X(cairo_select_font_face)                                                                      \
  X(cairo_set_dash)                                                                              \
  X(cairo_set_font_options)                                                                      \
  X(cairo_set_font_size)                                                                         \
  X(cairo_set_line_cap)                                                                          \
  X(cairo_set_line_join)                                                                         \
  X(cairo_set_line_width)                                                                        \
  X(cairo_set_source_rgba)                                                                       \
  X(cairo_set_source_surface)                                                                    \
  X(cairo_show_text)                                                                             \
  X(cairo_status)                                                                                \
  X(cairo_stroke)                                                                                \
  X(cairo_surface_destroy)                                                                       \
  X(cairo_surface_finish)                                                                        \
  X(cairo_surface_flush)                                                                         \
  X(cairo_surface_mark_dirty)                                                                    \
  X(cairo_surface_status)                                                                        \
  X(cairo_svg_surface_create_for_stream)                                                         \
  X(cairo_text_extents)                                                                          \
  X(cairo_translate)

typedef struct {
#define DN_FIELD(name) __typeof__(name) *name;
  DN_CAIRO_FUNCTIONS(DN_FIELD)
#undef DN_FIELD
} dn_cairo_table;

/// The library's functions, or NULL with `*error` set to what the loader said.
const dn_cairo_table *dn_cairo(const char **error);
