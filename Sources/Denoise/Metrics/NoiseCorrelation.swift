import TensorEngine

/// How alike the noise of neighbours is: its autocorrelation along each axis of space. Between axes
/// the noise is taken for separable, as blurring, interpolation and binning leave it.
public struct NoiseCorrelation: Sendable, Equatable {
  /// For each axis of space, slowest first, the coefficients at distances 1, 2, …; 0 beyond.
  public let coefficients: [[Double]]

  /// - Returns: nil where there is no coefficient, or one outside -1 ... 1.
  public init?(coefficients: [[Double]]) {
    guard !coefficients.isEmpty, coefficients.allSatisfy({ !$0.isEmpty }),
      coefficients.joined().allSatisfy({ abs($0) <= 1 })
    else { return nil }
    self.coefficients = coefficients
  }

  /// Estimates the correlation where images vary least (`SteadyNoise`).
  ///
  /// - Parameter images: as measured; their planes have alike noise, but for its strength.
  /// - Returns: nil where neighbours differ as those of white noise do, or nothing can be said.
  /// - Throws: `DenoiseError` for images without space.
  public init?(of images: [Image]) throws {
    guard let found = try SteadyNoise.shared(of: images) else { return nil }
    self = found.correlation
  }

  /// How far noise is thought to be shared, in pixels, and what is taken for white.
  private static let reach = 4
  private static let leastShared = 0.03

  /// The correlation of what is nothing but noise, such as the difference of two exposures.
  ///
  /// - Returns: nil where it is white, or images are no larger than noise reaches.
  /// - Throws: `DenoiseError` for images without space.
  init?(ofNoise images: [Image]) throws {
    let reach = NoiseCorrelation.reach
    let all = try images.filter { image in
      image.spatialDimensions.allSatisfy { image.shape[$0] > 2 * reach }
    }.map { try ResidualAutocorrelation(of: $0, distance: reach).coefficients }
    guard let first = all.first else { return nil }
    let mean = first.indices.map { axis in
      (1...reach).map { distance in
        all.reduce(0) { $0 + $1[axis][distance] } / Double(all.count)
      }
    }
    guard mean.joined().contains(where: { abs($0) > NoiseCorrelation.leastShared }) else {
      return nil
    }
    self.init(coefficients: mean.map { axis in axis.map { min(1, max(-1, $0)) } })
  }

  /// The sum of all squared coefficients: of white noise 1.
  var sumOfSquares: Double {
    coefficients.map { axis in 1 + 2 * axis.reduce(0) { $0 + $1 * $1 } }.reduce(1, *)
  }

  /// Of the noise's power; what is estimated may come out below 0.
  private static let leastPower = 0.05

  /// How strong noise of variance 1 is after each row of a matrix along an axis: its variance.
  func variances(of matrix: [[Double]], axis: Int) -> [Double] {
    matrix.map { row in
      var sum = 0.0
      for (a, left) in row.enumerated() {
        for (b, right) in row.enumerated() { sum += left * right * at(abs(a - b), axis) }
      }
      return max(NoiseCorrelation.leastPower, sum)
    }
  }

  /// Axes whose coefficients differ by more than this are not alike.
  private static let tolerance = 0.1

  /// Whether noise is as alike among neighbours in an image that was turned.
  func isKept(by orientation: Orientation) -> Bool {
    orientation.permutation.enumerated().allSatisfy { axis, source in
      (1...max(1, coefficients[axis].count)).allSatisfy {
        abs(at($0, axis) - at($0, source)) < NoiseCorrelation.tolerance
      }
    }
  }

  private func at(_ distance: Int, _ axis: Int) -> Double {
    if distance == 0 { return 1 }
    return distance <= coefficients[axis].count ? coefficients[axis][distance - 1] : 0
  }

  /// Makes white noise of variance 1 as alike among neighbours as this.
  func applied(to white: [Float], shape: [Int]) -> [Float] {
    shape.indices.reduce(white) { values, axis in
      AxisFilter(taps: taps(axis), border: .wrap).applied(to: values, shape: shape, axis: axis)
    }
  }

  /// The symmetric filter whose own correlation this is along an axis: the root of its spectrum.
  private func taps(_ axis: Int) -> [Float] {
    let (count, reach) = (64, 8)
    let gains = (0..<count).map { frequency in
      let angle = 2 * Double.pi * Double(frequency) / Double(count)
      let power = (1...coefficients[axis].count).reduce(1.0) {
        $0 + 2 * at($1, axis) * Elementary.cos(angle * Double($1))
      }
      return max(NoiseCorrelation.leastPower, power).squareRoot()
    }
    let taps = (-reach...reach).map { place in
      gains.indices.reduce(0.0) { sum, frequency in
        let angle = 2 * Double.pi * Double(frequency * abs(place)) / Double(count)
        return sum + gains[frequency] * Elementary.cos(angle)
      }
    }
    let norm = taps.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return taps.map { Float($0 / norm) }
  }
}

extension NoiseCorrelation: LosslessStringConvertible {
  /// The coefficients of each axis: `0.38:0.02|0.37:0.01`.
  public var description: String {
    coefficients.map { $0.map { "\($0)" }.joined(separator: ":") }.joined(separator: "|")
  }

  public init?(_ description: String) {
    var coefficients: [[Double]] = []
    for axis in description.split(separator: "|") {
      let numbers = axis.split(separator: ":").map { Double($0) }
      guard numbers.allSatisfy({ $0 != nil }) else { return nil }
      coefficients.append(numbers.compactMap { $0 })
    }
    self.init(coefficients: coefficients)
  }
}
