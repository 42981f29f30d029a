import TensorEngine

/// The discrete Fourier transform of an n-d array: complex numbers in the order of frequencies
/// 0, 1, … -1 along each axis.
public struct Spectrum: Sendable {
  public let shape: [Int]
  /// Real and imaginary parts, row-major.
  public private(set) var values: [SIMD2<Float>]

  public init(_ values: [SIMD2<Float>], shape: [Int]) {
    precondition(values.count == shape.product, "the elements of a spectrum must fill its shape")
    self.values = values
    self.shape = shape
  }

  /// The transform of an array of real numbers, without a scale.
  ///
  /// - Throws: `Interrupted`.
  public init(of values: [Float], shape: [Int]) throws {
    self.init(values.map { SIMD2($0, 0) }, shape: shape)
    try transform(inverse: false)
  }

  /// The array whose transform this is: complex numbers, scaled by one over their count.
  ///
  /// - Throws: `Interrupted`.
  public func inverted() throws -> [SIMD2<Float>] {
    var copy = self
    try copy.transform(inverse: true)
    let scale = 1 / Float(max(1, values.count))
    return copy.values.map { $0 * scale }
  }

  /// Multiplies each frequency by a real weight, row-major as the values.
  public mutating func multiply(by weights: [Float]) {
    for index in values.indices { values[index] *= weights[index] }
  }

  private mutating func transform(inverse: Bool) throws {
    for axis in shape.indices where shape[axis] > 1 {
      try Interrupt.check()
      values = Spectrum.transformed(values, shape, axis: axis, inverse: inverse)
    }
  }

  /// Every line along one axis transformed.
  private static func transformed(
    _ values: [SIMD2<Float>], _ shape: [Int], axis: Int, inverse: Bool
  ) -> [SIMD2<Float>] {
    let count = shape[axis]
    let inner = shape[(axis + 1)...].product
    let lines = FourierTransform(count: count)
    // Slabs of lines side by side, so that what a slab writes lies together.
    return ParallelArray.make(count: values.count / (count * inner), each: count * inner) { slabs in
      var result = [SIMD2<Float>](repeating: .zero, count: slabs.count * count * inner)
      var line = [SIMD2<Float>](repeating: .zero, count: count)
      for (place, slab) in slabs.enumerated() {
        for offset in 0..<inner {
          let from = slab * count * inner + offset
          for index in 0..<count { line[index] = values[from + index * inner] }
          let to = place * count * inner + offset
          for (index, value) in lines.transformed(line, inverse: inverse).enumerated() {
            result[to + index * inner] = value
          }
        }
      }
      return result
    }
  }
}
