import CCairoShim

/// A white sheet to draw on, which becomes a PNG or an SVG: the one drawing code of all figures.
///
/// Lengths are in units from the upper left corner; a unit is 1/72 inch in SVG, and `scale` pixels
/// in PNG. Text is DejaVu Sans, unhinted, so that it takes the same room in both; in SVG it is
/// drawn as outlines, so that a figure looks the same where the font is missing.
public final class Canvas {
  /// No side of a raster may be longer, in pixels.
  public static let largestSide = 30_000

  public let width: Double
  public let height: Double
  private let kind: PictureKind
  private let scale: Double
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - width: width in units, at least 1.
  ///   - height: height in units, at least 1.
  ///   - scale: pixels a unit, for PNG.
  /// - Throws: `GraphicsError` where the drawing library is missing or the sheet is too large.
  public init(width: Double, height: Double, kind: PictureKind, scale: Double = 1) throws {
    if let reason = dn_canvas_library_error() {
      throw GraphicsError(
        "cannot draw: \(String(cString: reason))", hint: "install Cairo (Debian: libcairo2)")
    }
    let longest = max(width, height) * (kind == .png ? scale : 1)
    guard width >= 1, height >= 1, longest <= Double(Canvas.largestSide) else {
      throw GraphicsError(
        "a picture of \(NumberText.general(width * scale))x\(NumberText.general(height * scale)) "
          + "pixels cannot be drawn (from 1 to \(Canvas.largestSide) a side)",
        hint: "draw a part, or choose a smaller scale")
    }
    let made =
      switch kind {
      case .png: dn_canvas_raster(width, height, scale)
      case .svg: dn_canvas_svg(width, height)
      }
    guard let made else { throw GraphicsError("there is no memory for the picture") }
    self.width = width
    self.height = height
    self.kind = kind
    self.scale = scale
    handle = made
  }

  deinit { dn_canvas_free(handle) }

  // MARK: Shapes

  public func fill(_ rect: Rect, _ color: Color) { fill(polygon: rect.corners, color) }

  public func fill(polygon points: [Point], _ color: Color) {
    path(points, closed: true)
    use(color)
    dn_canvas_fill(handle)
  }

  public func stroke(_ rect: Rect, _ stroke: Stroke) {
    path(rect.corners, closed: true)
    finish(stroke)
  }

  public func line(_ points: [Point], _ stroke: Stroke) {
    guard points.count > 1 else { return }
    path(points, closed: false)
    finish(stroke)
  }

  public func circle(at centre: Point, radius: Double, fill: Color? = nil, stroke: Stroke? = nil) {
    if let fill {
      dn_canvas_circle(handle, centre.x, centre.y, radius)
      use(fill)
      dn_canvas_fill(handle)
    }
    if let stroke {
      dn_canvas_circle(handle, centre.x, centre.y, radius)
      finish(stroke)
    }
  }

  /// Draws inside a rectangle only.
  public func clipped(to rect: Rect, _ draw: () throws -> Void) rethrows {
    dn_canvas_save(handle)
    defer { dn_canvas_restore(handle) }
    dn_canvas_clip(handle, rect.x, rect.y, rect.width, rect.height)
    try draw()
  }

  // MARK: Pictures and text

  /// Draws a picture into a rectangle, its pixels as sharp squares: a picture that has to be reduced
  /// is resampled first.
  ///
  /// - Throws: `GraphicsError` where there is no memory.
  public func picture(_ raster: Raster, in rect: Rect) throws {
    let failed = raster.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return false }
      return dn_canvas_picture(
        handle, base, Int32(raster.width), Int32(raster.height), rect.x, rect.y, rect.width,
        rect.height) != 0
    }
    if failed { throw GraphicsError("there is no memory for the picture") }
  }

  public func measure(_ text: String, size: Double = 9, bold: Bool = false) -> TextSize {
    dn_canvas_font(handle, size, bold ? 1 : 0)
    var extents = [0.0, 0.0, 0.0]
    dn_canvas_measure(handle, text, &extents)
    return TextSize(width: extents[0], ascent: extents[1], descent: extents[2])
  }

  /// Puts a line of text so that the point its style names lies at `place`.
  public func text(_ text: String, at place: Point, _ style: TextStyle = TextStyle()) {
    guard !text.isEmpty else { return }
    let size = measure(text, size: style.size, bold: style.bold)
    let along: Double =
      switch style.horizontal {
      case .left: 0
      case .centre: -size.width / 2
      case .right: -size.width
      }
    // Half the height of a capital, not of the font's box: so figures sit level with their ticks.
    let across: Double =
      switch style.vertical {
      case .top: size.ascent
      case .middle: 0.365 * style.size
      case .baseline: 0
      case .bottom: -size.descent
      }
    use(style.color)
    if style.upward {
      dn_canvas_text(handle, text, place.x + across, place.y - along, -Double.pi / 2)
    } else {
      dn_canvas_text(handle, text, place.x + along, place.y + across, 0)
    }
  }

  // MARK: The result

  /// Ends the drawing; the canvas takes nothing more.
  ///
  /// - Throws: `GraphicsError` where the drawing failed on the way.
  public func finished() throws -> [UInt8] {
    guard dn_canvas_finish(handle) == 0 else {
      throw GraphicsError("the picture could not be drawn")
    }
    switch kind {
    case .png: return try raster().png(dotsPerInch: 72 * scale)
    case .svg:
      var count = 0
      guard let bytes = dn_canvas_svg_bytes(handle, &count) else {
        throw GraphicsError("there is no memory for the picture")
      }
      return SVGText.normalized(Array(UnsafeBufferPointer(start: bytes, count: count)))
    }
  }

  /// The pixels of a PNG canvas after `finished`.
  private func raster() throws -> Raster {
    let columns = Int(dn_canvas_columns(handle))
    let rows = Int(dn_canvas_rows(handle))
    let pixels = [UInt8](unsafeUninitializedCapacity: columns * rows * 3) { buffer, count in
      if let base = buffer.baseAddress { dn_canvas_read_rgb(handle, base) }
      count = columns * rows * 3
    }
    return Raster(trusted: pixels, width: columns, height: rows)
  }

  // MARK: Small steps

  private func path(_ points: [Point], closed: Bool) {
    let flat = points.flatMap { [$0.x, $0.y] }
    dn_canvas_path(handle, flat, points.count, closed ? 1 : 0)
  }

  private func use(_ color: Color) {
    dn_canvas_color(handle, color.red, color.green, color.blue, color.alpha)
  }

  private func finish(_ stroke: Stroke) {
    use(stroke.color)
    let pattern = stroke.pattern
    dn_canvas_stroke(handle, stroke.width, pattern.dash, pattern.gap, stroke.round ? 1 : 0)
  }
}
