import TensorEngine

/// What is drawn upon a slice's pixels: cross lines, labels, the scale bar.
struct SliceMarks {
  let slice: Slice

  init(_ slice: Slice) { self.slice = slice }

  /// A colour an axis, the same in all planes.
  private static let axisColors: [Character: Color] = [
    "z": Color(hex: 0x56b4e9), "y": Color(hex: 0x2fd695), "x": Color(hex: 0xffb000),
  ]

  func draw(on canvas: Canvas) {
    let size = SliceMarks.fontSize(slice.planes[0], slice.options)
    for tile in slice.arrangement.tiles {
      let rect = self.rect(of: tile)
      canvas.clipped(to: rect) {
        cross(tile, rect, canvas)
        if !tile.label.isEmpty, fits(tile.label, size, rect, canvas) {
          Outlined.text(tile.label, at: Point(rect.x + 4, rect.y + 3), size: size, on: canvas)
        }
      }
    }
    if let label = slice.options.label { corner(label, size, canvas) }
    if slice.options.bar, let tile = slice.arrangement.tiles.first {
      scaleBar(in: rect(of: tile), size, canvas)
    }
  }

  /// Letters grow with the first tile, within what can be read.
  private static func fontSize(_ plane: Plane, _ options: SliceOptions) -> Double {
    max(10, min(28, (Double(plane.width * options.scale) / 28).rounded()))
  }

  /// Height in pixels of the strip over several planes that holds their label.
  static func titleStrip(_ plane: Plane, _ options: SliceOptions) -> Int {
    Int(fontSize(plane, options) * 2)
  }

  private func rect(of tile: Arrangement.Tile) -> Rect {
    let plane = slice.planes[tile.plane]
    let scale = slice.options.scale
    return Rect(
      x: Double(tile.column), y: Double(tile.row), width: Double(plane.width * scale),
      height: Double(plane.height * scale))
  }

  private func fits(_ text: String, _ size: Double, _ rect: Rect, _ canvas: Canvas) -> Bool {
    canvas.measure(text, size: size, bold: true).width + 6 <= rect.width
      && size * 1.6 <= rect.height
  }

  private func cross(_ tile: Arrangement.Tile, _ rect: Rect, _ canvas: Canvas) {
    func color(_ axis: Character) -> Color {
      (SliceMarks.axisColors[axis] ?? .mark).with(alpha: 0.75)
    }
    if let across = tile.across {
      let y = rect.y + across.at
      canvas.line([Point(rect.x, y), Point(rect.right, y)], Stroke(color(across.axis)))
    }
    if let down = tile.down {
      let x = rect.x + down.at
      canvas.line([Point(x, rect.y), Point(x, rect.bottom)], Stroke(color(down.axis)))
    }
  }

  /// The label lies upon a single plane, and above several.
  private func corner(_ label: String, _ size: Double, _ canvas: Canvas) {
    let place = Point(size * 0.5, size * 0.4)
    if slice.options.view == .plane {
      Outlined.text(label, at: place, size: size * 1.15, on: canvas)
    } else {
      canvas.text(label, at: place, TextStyle(size: size * 1.15, bold: true, .left, .top))
    }
  }

  private func scaleBar(in rect: Rect, _ size: Double, _ canvas: Canvas) {
    let plane = slice.planes[0]
    guard let spacing = plane.spacing,
      let bar = ScaleBar(spacing: spacing.column, unit: plane.unit, width: plane.width)
    else { return }
    let length = bar.columns * Double(slice.options.scale)
    let thickness = max(2, (size / 4).rounded())
    let margin = (size * 0.8).rounded()
    // A text longer than its bar must not leave the plane.
    let overhang = max(0, canvas.measure(bar.label, size: size, bold: true).width - length) / 2
    let line = Rect(
      x: rect.right - margin - overhang - length, y: rect.bottom - margin - thickness,
      width: length,
      height: thickness)
    canvas.fill(line.inset(by: -1), Color.black.with(alpha: 0.6))
    canvas.fill(line, .white)
    Outlined.text(
      bar.label, at: Point(line.middle.x, line.y - size * 1.5), size: size, .centre, on: canvas)
  }
}

/// White letters with a dark rim, which can be read upon any picture.
enum Outlined {
  private static let around = [
    (-1, 0), (1, 0), (0, -1), (0, 1), (-0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7),
  ]

  /// Puts a line of text with its upper edge at `place`.
  static func text(
    _ text: String, at place: Point, size: Double, _ horizontal: TextStyle.Horizontal = .left,
    on canvas: Canvas
  ) {
    let rim = max(1, size / 12)
    let dark = TextStyle(
      size: size, bold: true, color: .black.with(alpha: 0.55), horizontal, .top)
    for (x, y) in around {
      canvas.text(text, at: Point(place.x + x * rim, place.y + y * rim), dark)
    }
    canvas.text(
      text, at: place, TextStyle(size: size, bold: true, color: .white, horizontal, .top))
  }
}
