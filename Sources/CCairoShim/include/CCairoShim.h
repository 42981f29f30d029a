#pragma once
#include <stddef.h>
#include <stdint.h>

// A drawing surface over Cairo, without Cairo's types. The library is opened when the first
// canvas is made, so that a program that draws nothing does not load it (it brings in X11 and
// fontconfig). One canvas may be used by one thread at a time; different canvases at once.

typedef struct dn_canvas dn_canvas;

/// Opens the drawing library; NULL, or what the loader said.
const char *_Nullable dn_canvas_library_error(void);

/// A raster of `width` x `height` units at `scale` pixels a unit, white. NULL on failure.
dn_canvas *_Nullable dn_canvas_raster(double width, double height, double scale);
/// A scalable drawing of `width` x `height` points, white. NULL on failure.
dn_canvas *_Nullable dn_canvas_svg(double width, double height);
void dn_canvas_free(dn_canvas *_Nonnull canvas);

void dn_canvas_save(dn_canvas *_Nonnull canvas);
void dn_canvas_restore(dn_canvas *_Nonnull canvas);
void dn_canvas_clip(dn_canvas *_Nonnull canvas, double x, double y, double width, double height);
void dn_canvas_color(
    dn_canvas *_Nonnull canvas, double red, double green, double blue, double alpha);

/// Adds a path through `count` points (x, y pairs) to the current path.
void dn_canvas_path(
    dn_canvas *_Nonnull canvas, const double *_Nonnull points, long count, int closed);
void dn_canvas_circle(dn_canvas *_Nonnull canvas, double x, double y, double radius);
void dn_canvas_fill(dn_canvas *_Nonnull canvas);
/// Strokes the current path; dashes of `dash` and gaps of `gap` where `dash` is positive.
void dn_canvas_stroke(dn_canvas *_Nonnull canvas, double width, double dash, double gap, int round);

void dn_canvas_font(dn_canvas *_Nonnull canvas, double size, int bold);
/// Writes advance, ascent and descent of the current font for a text (UTF-8) to `extents[3]`.
void dn_canvas_measure(
    dn_canvas *_Nonnull canvas, const char *_Nonnull text, double *_Nonnull extents);
/// Text with its baseline's start at (x, y), turned by `angle` radians clockwise.
void dn_canvas_text(
    dn_canvas *_Nonnull canvas, const char *_Nonnull text, double x, double y, double angle);

/// Draws a picture (`columns` x `rows`, red green blue bytes) into a rectangle, each pixel as a
/// sharp-edged square.
/// Returns 0, or -1 where memory ran out.
int dn_canvas_picture(
    dn_canvas *_Nonnull canvas, const uint8_t *_Nonnull rgb, int columns, int rows, double x,
    double y, double width, double height);

/// Ends the drawing; 0, or -1 where something failed on the way.
int dn_canvas_finish(dn_canvas *_Nonnull canvas);
/// The size of a finished raster in pixels.
int dn_canvas_columns(const dn_canvas *_Nonnull canvas);
int dn_canvas_rows(const dn_canvas *_Nonnull canvas);
/// Copies a finished raster's pixels as red green blue bytes.
void dn_canvas_read_rgb(const dn_canvas *_Nonnull canvas, uint8_t *_Nonnull rgb);
/// The bytes of a finished scalable drawing; owned by the canvas.
const uint8_t *_Nullable dn_canvas_svg_bytes(
    const dn_canvas *_Nonnull canvas, size_t *_Nonnull count);
