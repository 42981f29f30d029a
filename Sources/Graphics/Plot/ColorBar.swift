/// A colour map beside a picture, with the values its colours stand for.
struct ColorBar {
  let map: Colormap
  let window: Window
  /// What the values are, with their unit.
  let label: String

  static let thickness = 9.0

  /// Draws an upright bar at the left of a rectangle, its numbers to the right of it.
  ///
  /// - Throws: `GraphicsError` where there is no memory.
  func draw(on canvas: Canvas, in rect: Rect) throws {
    let bar = Rect(x: rect.x, y: rect.y, width: ColorBar.thickness, height: rect.height)
    var shades = Raster(width: 1, height: 256, color: map.entries[0])
    for row in 0..<256 { shades[0, row] = map.entries[255 - row] }
    try canvas.picture(shades, in: bar)
    canvas.stroke(bar, Stroke(.ink, width: 0.6))
    let low = min(window.low, window.high)
    let high = max(window.low, window.high)
    let ticks = Ticks.linear(from: low, to: high, about: max(3, Int(rect.height / 32)))
    var widest = 0.0
    for tick in ticks.major {
      let part = (tick.value - window.low) / (window.high - window.low)
      let y = bar.bottom - part * bar.height
      canvas.line([Point(bar.right, y), Point(bar.right + 2.5, y)], Stroke(.ink, width: 0.6))
      canvas.text(
        tick.label, at: Point(bar.right + 5, y), TextStyle(size: 8, .left, .middle))
      widest = max(widest, canvas.measure(tick.label, size: 8).width)
    }
    let factor = ticks.exponent == 0 ? "" : " (×10\(NumberText.superscript(ticks.exponent)))"
    canvas.text(
      label + factor, at: Point(bar.right + 9 + widest, rect.middle.y),
      TextStyle(size: 8.5, .centre, .top, upward: true))
  }
}
