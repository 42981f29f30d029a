/// How many colours a terminal shows.
public enum ColorDepth: String, Sendable, CaseIterable {
  /// 24 bits.
  case full
  /// The palette of 256.
  case palette
  /// None: shades are letters.
  case none
}

/// A picture as lines of text.
public enum TextPicture {
  /// Letters of the shades, from dark to bright.
  static let ramp = Array(" .:-=+*#%@")

  /// Draws a picture within `columns` letters and `rows` lines, its proportions kept.
  ///
  /// In colour each letter is an upper half block, whose two halves are two pixels. Without colour
  /// each letter stands for an area twice as high as wide.
  public static func drawn(
    _ raster: Raster, columns: Int = 80, rows: Int = 40, depth: ColorDepth = .full
  ) -> String {
    let (width, lines) = fitted(raster, max(1, columns), max(1, rows))
    if depth == .none {
      return letters(raster.resampled(width: width, height: lines))
    }
    return halfBlocks(raster.resampled(width: width, height: lines * 2), depth)
  }

  /// Letters and lines that a picture takes; a letter is twice as high as wide.
  static func fitted(_ raster: Raster, _ columns: Int, _ rows: Int) -> (columns: Int, rows: Int) {
    let scale = min(
      Double(columns) / Double(raster.width), Double(rows * 2) / Double(raster.height), 1)
    let width = max(1, Int((Double(raster.width) * scale).rounded()))
    let lines = max(1, Int((Double(raster.height) * scale / 2).rounded()))
    return (min(columns, width), min(rows, lines))
  }

  private static func letters(_ small: Raster) -> String {
    (0..<small.height).map { row in
      let line = (0..<small.width).map { column in
        let part = small[column, row].luma / 255
        return ramp[Int((part * Double(ramp.count - 1)).rounded())]
      }
      return String(line) + "\n"
    }.joined()
  }

  /// A colour is written only where it changes.
  private static func halfBlocks(_ small: Raster, _ depth: ColorDepth) -> String {
    var text = ""
    for row in stride(from: 0, to: small.height - 1, by: 2) {
      var last: (String, String) = ("", "")
      for column in 0..<small.width {
        let upper = code(small[column, row], depth)
        let lower = code(small[column, row + 1], depth)
        if (upper, lower) != last { text += "\u{1b}[38;\(upper);48;\(lower)m" }
        last = (upper, lower)
        text += "▀"
      }
      text += "\u{1b}[0m\n"
    }
    return text
  }

  private static func code(_ color: RGB, _ depth: ColorDepth) -> String {
    depth == .palette
      ? "5;\(paletteIndex(of: color))" : "2;\(color.red);\(color.green);\(color.blue)"
  }

  /// The nearest of xterm's 6x6x6 cube and its 24 greys.
  static func paletteIndex(of color: RGB) -> Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ part: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(part)) < abs(levels[$1] - Int(part)) } ?? 0
    }
    let cube = (nearest(color.red), nearest(color.green), nearest(color.blue))
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let step = max(0, min(23, (mean - 3) / 10))
    func distance(_ red: Int, _ green: Int, _ blue: Int) -> Int {
      let (r, g, b) = (Int(color.red) - red, Int(color.green) - green, Int(color.blue) - blue)
      return r * r + g * g + b * b
    }
    let gray = 8 + 10 * step
    let ofCube = distance(levels[cube.0], levels[cube.1], levels[cube.2])
    return distance(gray, gray, gray) < ofCube
      ? 232 + step : 16 + 36 * cube.0 + 6 * cube.1 + cube.2
  }
}
