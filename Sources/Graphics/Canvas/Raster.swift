import TensorEngine

/// A picture as red, green and blue bytes, row by row from the top.
public struct Raster: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `width * height * 3` bytes.
  public private(set) var pixels: [UInt8]

  /// - Throws: `GraphicsError` where the bytes do not fill the picture.
  public init(_ pixels: [UInt8], width: Int, height: Int) throws {
    guard width > 0, height > 0, [width, height, 3].checkedProduct == pixels.count else {
      throw GraphicsError("\(pixels.count) bytes do not fill a picture of \(width)x\(height)")
    }
    self.init(trusted: pixels, width: width, height: height)
  }

  init(trusted pixels: [UInt8], width: Int, height: Int) {
    assert(pixels.count == width * height * 3)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  init(width: Int, height: Int, color: RGB) {
    var pixels = [UInt8](repeating: color.red, count: width * height * 3)
    if color.green != color.red || color.blue != color.red {
      for i in 0..<width * height {
        pixels[3 * i + 1] = color.green
        pixels[3 * i + 2] = color.blue
      }
    }
    self.init(trusted: pixels, width: width, height: height)
  }

  /// The colour at a column and a row, which must lie inside.
  public subscript(column: Int, row: Int) -> RGB {
    get {
      let i = (row * width + column) * 3
      return RGB(pixels[i], pixels[i + 1], pixels[i + 2])
    }
    set {
      let i = (row * width + column) * 3
      pixels[i] = newValue.red
      pixels[i + 1] = newValue.green
      pixels[i + 2] = newValue.blue
    }
  }

  /// Each pixel as a square of `factor` pixels a side.
  public func enlarged(_ factor: Int) -> Raster {
    guard factor > 1 else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count * factor * factor)
    var line: [UInt8] = []
    for row in 0..<height {
      line.removeAll(keepingCapacity: true)
      for column in 0..<width {
        let i = (row * width + column) * 3
        for _ in 0..<factor { line += pixels[i..<i + 3] }
      }
      for _ in 0..<factor { result += line }
    }
    return Raster(trusted: result, width: width * factor, height: height * factor)
  }

  /// The picture at another size: each new pixel is the mean of the area it covers, so that a
  /// reduced picture keeps its brightness, and an enlarged one its pixels.
  public func resampled(width newWidth: Int, height newHeight: Int) -> Raster {
    guard newWidth > 0, newHeight > 0, (newWidth, newHeight) != (width, height) else { return self }
    let across = Raster.spans(from: width, to: newWidth)
    let down = Raster.spans(from: height, to: newHeight)
    var result = [UInt8](repeating: 0, count: newWidth * newHeight * 3)
    for (row, rows) in down.enumerated() {
      for (column, columns) in across.enumerated() {
        let mean = average(columns, rows)
        let i = (row * newWidth + column) * 3
        for channel in 0..<3 { result[i + channel] = UInt8(mean[channel].rounded()) }
      }
    }
    return Raster(trusted: result, width: newWidth, height: newHeight)
  }

  private typealias Span = [(index: Int, weight: Double)]

  /// For each new pixel, the old ones it covers and by how much (the weights sum to 1).
  private static func spans(from old: Int, to new: Int) -> [Span] {
    let step = Double(old) / Double(new)
    return (0..<new).map { i in
      let low = Double(i) * step
      let high = min(Double(old), low + step)
      let first = min(Int(low), old - 1)
      let last = max(first, min(old - 1, Int(high.rounded(.up)) - 1))
      let weights = (first...last).map { min(high, Double($0 + 1)) - max(low, Double($0)) }
      let total = weights.reduce(0, +)
      return zip(first...last, weights).map { ($0, $1 / total) }
    }
  }

  private func average(_ columns: Span, _ rows: Span) -> SIMD3<Double> {
    var mean = SIMD3<Double>(repeating: 0)
    for (row, down) in rows {
      for (column, across) in columns {
        let i = (row * width + column) * 3
        let color = SIMD3(Double(pixels[i]), Double(pixels[i + 1]), Double(pixels[i + 2]))
        mean += color * (down * across)
      }
    }
    return mean
  }

  /// A part of the picture, which must lie inside.
  func cropped(column: Int, row: Int, width: Int, height: Int) -> Raster {
    var result: [UInt8] = []
    result.reserveCapacity(width * height * 3)
    for line in row..<row + height {
      let start = (line * self.width + column) * 3
      result += pixels[start..<start + width * 3]
    }
    return Raster(trusted: result, width: width, height: height)
  }

  /// Lays another picture over this one; what would hang out is left away.
  mutating func lay(_ other: Raster, column: Int, row: Int) {
    let columns = min(other.width, width - column)
    for line in 0..<min(other.height, height - row) where columns > 0 {
      let source = line * other.width * 3
      let target = ((row + line) * width + column) * 3
      pixels.replaceSubrange(
        target..<target + columns * 3, with: other.pixels[source..<source + columns * 3])
    }
  }

  /// Whether every pixel is a shade of grey.
  var isGray: Bool {
    for i in stride(from: 0, to: pixels.count, by: 3) {
      let shade = pixels[i]
      if pixels[i + 1] != shade || pixels[i + 2] != shade { return false }
    }
    return true
  }

  /// The picture as a PNG of 8 bits: grey where it has no colour, else red green blue.
  ///
  /// - Throws: `GraphicsError` where there is no memory or a side is longer than PNG allows.
  public func png(dotsPerInch: Double? = nil) throws -> [UInt8] {
    if isGray {
      let shades = stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] }
      return try PNGFile.encoded(
        shades, width: width, height: height, channels: 1, dotsPerInch: dotsPerInch)
    }
    return try PNGFile.encoded(
      pixels, width: width, height: height, channels: 3, dotsPerInch: dotsPerInch)
  }
}
