import Glibc
import TensorEngine

/// How far a sample lies from another of the same scene: where their cross-correlation is highest, to
/// a hundredth of a pixel and less where the noise allows.
public struct Displacement: Sendable, Equatable {
  /// In pixels along each axis of space: what the other shows at x, this one shows at x + pixels.
  public let pixels: [Double]
  /// Of the whole displacement.
  public var distance: Double { pixels.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  /// How many standard errors that is, over all axes.
  public let certainty: Double
  /// The correlation there, in standard deviations of what noise makes of it.
  public let strength: Double
  /// Whether there is something in common, by more than chance, and it does not lie in one place.
  public var isSure: Bool { strength > 8 && certainty > 5 }

  /// Share of a side, at each end, over which values fade to their mean: edges that fit together
  /// would speak for no displacement.
  private static let fade = 0.125
  private static let rounds = 12
  /// In pixels; smaller steps end the search.
  private static let least = 1e-4

  /// - Parameters:
  ///   - sample: [channels, space…]; channels lie alike.
  ///   - reference: of the same shape.
  ///   - most: the largest displacement looked for, in pixels; a quarter of each side where nil.
  /// - Throws: `DenoiseError` where shapes differ or nothing varies; `Interrupted`.
  public init(of sample: Tensor, from reference: Tensor, most: Int? = nil) throws {
    guard sample.shape == reference.shape else {
      throw DenoiseError(
        "images of \(sample.shape.asShape) and \(reference.shape.asShape) cannot lie on each other",
        hint: "`crop` or `pad` them to one shape")
    }
    let space = Array(sample.shape.dropFirst())
    var correlation = CrossCorrelation(shape: space)
    for channel in 0..<sample.shape[0] {
      try Interrupt.check()
      try correlation.add(
        Displacement.faded(sample.part(channel)), Displacement.faded(reference.part(channel)))
    }
    guard correlation.isThere else {
      throw DenoiseError("an image that is the same everywhere lies nowhere")
    }
    let limits = space.map { min(most ?? .max, max(1, $0 / 4)) }
    var place = try correlation.peak(within: limits).map(Double.init)
    for _ in 0..<Displacement.rounds {
      try Interrupt.check()
      var largest = 0.0
      for axis in space.indices where space[axis] > 1 {
        let slopes = correlation.slopes(at: place, along: axis)
        guard slopes.second < 0 else { continue }
        let step = min(0.5, max(-0.5, -slopes.first / slopes.second))
        place[axis] += step
        largest = max(largest, abs(step))
      }
      if largest < Displacement.least { break }
    }
    pixels = place
    certainty = space.indices.reduce(0) { sum, axis in
      let quotient = place[axis] / correlation.slopes(at: place, along: axis).error
      return sum + (quotient.isFinite ? quotient * quotient : 0)
    }.squareRoot()
    strength = correlation.strength(at: place)
  }

  /// Less its mean, fading to it at the edges.
  private static func faded(_ plane: Tensor) throws -> [Float] {
    let mean = Float(plane.values.meanAndDeviation.mean)
    var values = plane.values.map { $0.isFinite ? $0 - mean : 0 }
    for (axis, count) in plane.shape.enumerated() where count > 1 {
      let width = max(1, Int(Double(count) * fade))
      let weights = (0..<count).map { index -> Float in
        let distance = min(index, count - 1 - index)
        return distance >= width
          ? 1 : Float(0.5 - 0.5 * cos(Double.pi * (Double(distance) + 0.5) / Double(width)))
      }
      let inner = plane.shape[(axis + 1)...].product
      for index in values.indices { values[index] *= weights[index / inner % count] }
    }
    return values
  }
}

/// The correlation of two arrays at any displacement, by its spectrum.
private struct CrossCorrelation {
  private let shape: [Int]
  /// Signed frequencies along each axis, in 1/pixel; that which has no sign counts as none.
  private let lines: [[Double]]
  private var real: [Double]
  private var imaginary: [Double]

  init(shape: [Int]) {
    self.shape = shape
    let grid = FrequencyGrid(shape: shape)
    lines = shape.indices.map { axis in grid.line(axis).map { abs($0) < 0.5 ? $0 : 0 } }
    real = [Double](repeating: 0, count: shape.product)
    imaginary = real
  }

  var isThere: Bool { real.contains { $0 != 0 } }

  mutating func add(_ one: [Float], _ reference: [Float]) throws {
    let a = try Spectrum(of: one, shape: shape)
    let b = try Spectrum(of: reference, shape: shape)
    for index in real.indices {
      let (x, y) = (Double(a.real[index]), Double(a.imaginary[index]))
      let (u, v) = (Double(b.real[index]), Double(b.imaginary[index]))
      real[index] += x * u + y * v
      imaginary[index] += y * u - x * v
    }
  }

  /// The whole displacement, within limits, at which the correlation is highest.
  func peak(within limits: [Int]) throws -> [Int] {
    let values = zip(real, imaginary).map { SIMD2(Float($0), Float($1)) }
    let correlation = try Spectrum(values, shape: shape).realPart()
    var best: (value: Float, place: [Int])?
    for (index, value) in correlation.enumerated() where value > best?.value ?? -.infinity {
      let place = zip(shape.position(of: index), shape).map { $0 <= $1 / 2 ? $0 : $0 - $1 }
      if zip(place, limits).allSatisfy({ abs($0) <= $1 }) { best = (value, place) }
    }
    return best?.place ?? shape.map { _ in 0 }
  }

  /// Derivatives of the correlation along an axis.
  struct Slopes {
    let first: Double
    let second: Double
    /// Sum of the squares of what makes up the first.
    let squares: Double

    /// The standard error of a place where the correlation is highest: there the products have no
    /// imaginary part but that of the noise. Each frequency stands for its opposite too.
    var error: Double { second < 0 ? (2 * squares).squareRoot() / -second : .infinity }
  }

  func slopes(at place: [Double], along axis: Int) -> Slopes {
    let sums = sums(at: place) { product, position in
      let frequency = 2 * Double.pi * lines[axis][position[axis]]
      let slope = -frequency * product.y
      return SIMD3(slope, -frequency * frequency * product.x, slope * slope)
    }
    return Slopes(first: sums.x, second: sums.y, squares: sums.z)
  }

  /// The correlation in standard deviations of what the noise makes of it, told as for `Slopes`.
  func strength(at place: [Double]) -> Double {
    let sums = sums(at: place) { product, _ in SIMD3(product.x, product.y * product.y, 0) }
    return sums.y > 0 ? sums.x / (2 * sums.y).squareRoot() : .infinity
  }

  private func phases(at place: [Double]) -> [[SIMD2<Double>]] {
    zip(lines, place).map { FrequencyGrid.phases(of: $0, back: $1) }
  }

  /// Sums over all frequencies of what is made of the spectrum turned by a displacement.
  private func sums(
    at place: [Double], _ value: @Sendable (SIMD2<Double>, [Int]) -> SIMD3<Double>
  ) -> SIMD3<Double> {
    let phases = phases(at: place)
    let last = shape[shape.count - 1]
    let outer = Array(shape.dropLast())
    let parts = Parallel.map(outer.product) { row in
      var position = outer.position(of: row) + [0]
      var turn = SIMD2(1.0, 0)
      for axis in outer.indices { turn = turn.times(phases[axis][position[axis]]) }
      var sum = SIMD3<Double>()
      for column in 0..<last {
        position[outer.count] = column
        let own = SIMD2(real[row * last + column], imaginary[row * last + column])
        sum += value(own.times(turn.times(phases[outer.count][column])), position)
      }
      return sum
    }
    return parts.reduce(SIMD3(), +)
  }
}

extension SIMD2<Double> {
  /// The product of complex numbers.
  fileprivate func times(_ other: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(x * other.x - y * other.y, x * other.y + y * other.x)
  }
}
