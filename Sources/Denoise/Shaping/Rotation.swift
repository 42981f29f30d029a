import TensorEngine

extension Image {
  /// Turned about the middle by any angle in a plane of two spatial axes, with linear
  /// interpolation; the shape stays. Multiples of 90 degrees are exact.
  ///
  /// Voxels that are not square are taken into account: the turn is one in space.
  ///
  /// - Parameters:
  ///   - degrees: From the second axis towards the first against the clock, as `quarterTurned`.
  ///   - fill: What comes from outside the image.
  /// - Throws: `DenoiseError` where the image lacks one of the axes or the angle is not finite.
  public func rotated(
    degrees: Double, _ first: Character, _ second: Character, fill: Float = 0
  ) throws -> Image {
    guard degrees.isFinite, abs(degrees) < 1e9 else {
      throw DenoiseError("an angle must be a finite number of degrees, not \(degrees.plain)")
    }
    if degrees.truncatingRemainder(dividingBy: 90) == 0 {
      return try quarterTurned(Int(degrees / 90), first, second)
    }
    let letters: [Character] = [first, second]
    let planes = try transposed(
      to: String(axes.filter { !letters.contains($0) } + letters))
    let sides = Array(planes.shape.suffix(2))
    let spacing = planes.voxel.flatMap { $0.count >= 2 ? Array($0.suffix(2)) : nil } ?? [1, 1]
    let turn = PlaneRotation(
      height: sides[0], width: sides[1], degrees: degrees,
      stretch: spacing[0] > 0 && spacing[1] > 0 ? spacing[0] / spacing[1] : 1)
    let values = planes.tensor.values
    let area = sides.product
    guard area > 0 else { return self }
    let turned = ParallelArray.make(count: values.count / area, each: area) { range in
      range.flatMap { turn.applied(to: values, from: $0 * area, fill: fill) }
    }
    var result = try planes.described(by: Tensor(turned, shape: planes.shape)).transposed(to: axes)
    result.stored = .float32
    return result
  }
}

/// A turn of one plane by interpolation between the four nearest elements.
private struct PlaneRotation {
  let height: Int
  let width: Int
  private let cosine: Double
  private let sine: Double
  /// Size of a row over that of a column.
  private let stretch: Double

  init(height: Int, width: Int, degrees: Double, stretch: Double) {
    self.height = height
    self.width = width
    self.stretch = stretch
    cosine = Elementary.cos(degrees * .pi / 180)
    sine = Elementary.sin(degrees * .pi / 180)
  }

  func applied(to values: [Float], from start: Int, fill: Float) -> [Float] {
    let middle = (row: Double(height - 1) / 2, column: Double(width - 1) / 2)
    var result: [Float] = []
    result.reserveCapacity(height * width)
    for row in 0..<height {
      let down = (Double(row) - middle.row) * stretch
      for column in 0..<width {
        let across = Double(column) - middle.column
        // Where the element came from: the turn backwards. Rows run downwards on the screen.
        let y = (cosine * down + sine * across) / stretch + middle.row
        let x = -sine * down + cosine * across + middle.column
        result.append(interpolated(values, start, y, x, fill))
      }
    }
    return result
  }

  private func interpolated(
    _ values: [Float], _ start: Int, _ y: Double, _ x: Double, _ fill: Float
  ) -> Float {
    // A hair beyond the edge is rounding, not outside.
    guard y > -1e-6, x > -1e-6, y < Double(height - 1) + 1e-6, x < Double(width - 1) + 1e-6 else {
      return fill
    }
    let (top, left) = (max(0, min(height - 1, Int(y))), max(0, min(width - 1, Int(x))))
    let (bottom, right) = (min(height - 1, top + 1), min(width - 1, left + 1))
    let (down, across) = (Float(y) - Float(top), Float(x) - Float(left))
    func value(_ row: Int, _ column: Int) -> Float { values[start + row * width + column] }
    let upper = value(top, left) * (1 - across) + value(top, right) * across
    let lower = value(bottom, left) * (1 - across) + value(bottom, right) * across
    return upper * (1 - down) + lower * down
  }
}
