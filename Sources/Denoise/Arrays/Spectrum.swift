import TensorEngine

/// The discrete Fourier transform of an n-d array: complex numbers in the order of frequencies
/// 0, 1, … -1 along each axis.
public struct Spectrum: Sendable {
  public let shape: [Int]
  /// Real and imaginary parts, row-major.
  public private(set) var real: [Float]
  public private(set) var imaginary: [Float]

  /// - Precondition: the numbers fill the shape.
  public init(_ values: [SIMD2<Float>], shape: [Int]) {
    precondition(values.count == shape.product, "the elements of a spectrum must fill its shape")
    real = values.map(\.x)
    imaginary = values.map(\.y)
    self.shape = shape
  }

  /// The transform of an array of real numbers, without a scale.
  ///
  /// - Parameter axes: Those that are transformed; all where nil.
  /// - Throws: `Interrupted`.
  public init(of values: [Float], shape: [Int], axes: [Int]? = nil) throws {
    precondition(values.count == shape.product, "the elements of an array must fill its shape")
    real = values
    imaginary = [Float](repeating: 0, count: values.count)
    self.shape = shape
    try FourierLines.transform(
      real: &real, imaginary: &imaginary, shape: shape, axes: axes ?? Array(shape.indices))
  }

  /// The numbers as pairs.
  public var values: [SIMD2<Float>] { zip(real, imaginary).map { SIMD2($0, $1) } }

  /// The array whose transform this is: complex numbers, scaled by one over their count.
  ///
  /// - Throws: `Interrupted`.
  public func inverted() throws -> [SIMD2<Float>] {
    var copy = self
    try copy.invert(axes: Array(shape.indices))
    return copy.values
  }

  /// The real part of the array whose transform this is.
  ///
  /// - Parameter axes: Those that were transformed; all where nil.
  /// - Throws: `Interrupted`.
  public consuming func realPart(axes: [Int]? = nil) throws -> [Float] {
    var copy = self
    try copy.invert(axes: axes ?? Array(copy.shape.indices))
    return copy.real
  }

  private mutating func invert(axes: [Int]) throws {
    try FourierLines.transform(
      real: &real, imaginary: &imaginary, shape: shape, axes: axes, inverse: true)
    let scale = 1 / Float(max(1, axes.map { shape[$0] }.product))
    multiply { _ in scale }
  }

  /// Multiplies each frequency by a real weight, row-major as the values.
  public mutating func multiply(by weights: [Float]) { multiply { weights[$0] } }

  /// Multiplies each frequency by a weight that is computed from its flat index.
  public mutating func multiply(_ weight: (Int) -> Float) {
    for index in real.indices {
      let weight = weight(index)
      real[index] *= weight
      imaginary[index] *= weight
    }
  }

  /// Adds another spectrum of the same shape.
  mutating func add(_ other: Spectrum) {
    for index in real.indices {
      real[index] += other.real[index]
      imaginary[index] += other.imaginary[index]
    }
  }

  /// Multiplies each frequency by the product of a complex number for each axis.
  ///
  /// - Parameter factors: for each axis as many as it has frequencies.
  mutating func turn(by factors: [[SIMD2<Double>]]) {
    let factors = factors.map { $0.map { SIMD2(Float($0.x), Float($0.y)) } }
    for index in real.indices {
      var rest = index
      for axis in shape.indices.reversed() {
        let factor = factors[axis][rest % shape[axis]]
        rest /= shape[axis]
        let (x, y) = (real[index], imaginary[index])
        real[index] = x * factor.x - y * factor.y
        imaginary[index] = x * factor.y + y * factor.x
      }
    }
  }

  /// Gives some frequencies the phases of another spectrum of the same shape.
  mutating func takePhases(of other: Spectrum, where isChosen: (Int) -> Bool) {
    for index in real.indices where isChosen(index) {
      let length =
        (other.real[index] * other.real[index]
        + other.imaginary[index] * other.imaginary[index]).squareRoot()
      guard length > 0 else { continue }
      let own = (real[index] * real[index] + imaginary[index] * imaginary[index]).squareRoot()
      real[index] = own * other.real[index] / length
      imaginary[index] = own * other.imaginary[index] / length
    }
  }
}
