import TensorEngine

/// Which shell each element of a spectrum belongs to. Shells are one Fourier pixel of the shortest
/// axis wide, so that none is empty.
struct ShellGrid: Sendable {
  /// Width of a shell, in 1/unit.
  let width: Double
  /// Shells up to Nyquist, the one of the mean included.
  let count: Int
  let shape: [Int]
  /// Signed frequencies along each axis, in 1/unit.
  private let lines: [[Double]]
  /// Frequencies that are left out; nil for none.
  private let region: TiltRange?

  init(_ grid: FrequencyGrid, measured region: TiltRange? = nil) {
    let lengths = zip(grid.shape, grid.spacing).filter { $0.0 > 1 }.map { Double($0) * $1 }
    width = 1 / (lengths.min() ?? 1)
    count = max(0, Int(grid.nyquist / width + 1e-6) + 1)
    shape = grid.shape
    lines = shape.indices.map { grid.line($0) }
    self.region = region
  }

  /// Middle of a shell, in 1/unit.
  func frequency(_ shell: Int) -> Double { Double(shell) * width }

  /// Rows along the last axis.
  private var rows: Int { shape.dropLast().product }

  /// Calls `body` with the flat index and the shell of each element of some rows that lies below
  /// Nyquist and was measured.
  private func forEach(rows range: Range<Int>, _ body: (_ index: Int, _ shell: Int) -> Void) {
    guard let last = lines.last else { return }
    let outer = Array(shape.dropLast())
    let squares = last.map { $0 * $0 }
    for row in range {
      let place = outer.position(of: row)
      let before = zip(place, lines).map { $1[$0] }
      let base = before.reduce(0) { $0 + $1 * $1 }
      for (column, square) in squares.enumerated() {
        let shell = Int(((base + square).squareRoot() / width).rounded())
        guard shell < count else { continue }
        if let region, !region.includes(before + [last[column]]) { continue }
        body(row * squares.count + column, shell)
      }
    }
  }

  /// The shells of all elements; `count` for those beyond Nyquist or not measured.
  var numbers: [Int] {
    var numbers = [Int](repeating: count, count: shape.product)
    forEach(rows: 0..<rows) { index, shell in numbers[index] = shell }
    return numbers
  }

  /// For each element its place among as many weights from the mean to Nyquist as given, whose
  /// shells may be those of another size; corners beyond Nyquist take the last.
  func places(among weights: Int) -> [Int] {
    let last = count - 1
    return numbers.map { last > 0 ? min($0, last) * (weights - 1) / last : 0 }
  }

  /// Sums over the shells of two spectra, in fixed pieces on all threads.
  func sums(_ a: Spectrum, _ b: Spectrum) -> ShellSums {
    let grain = max(1, 65_536 / max(1, shape.last ?? 1))
    let pieces = (rows + grain - 1) / grain
    let parts = Parallel.map(pieces) { piece in
      var sums = ShellSums(count: count)
      forEach(rows: piece * grain..<min(rows, (piece + 1) * grain)) { index, shell in
        sums.add(
          SIMD2(a.real[index], a.imaginary[index]), SIMD2(b.real[index], b.imaginary[index]),
          to: shell)
      }
      return sums
    }
    return parts.reduce(into: ShellSums(count: count)) { $0.add($1) }
  }
}

/// Sums over shells, in double precision.
struct ShellSums: Sendable {
  /// Re sum(A B*), sum |A|^2 and sum |B|^2 of each shell.
  private(set) var cross: [Double]
  private(set) var first: [Double]
  private(set) var second: [Double]
  /// Elements in each shell.
  private(set) var counts: [Int]

  init(count: Int) {
    cross = Array(repeating: 0, count: count)
    first = cross
    second = cross
    counts = Array(repeating: 0, count: count)
  }

  fileprivate mutating func add(_ x: SIMD2<Float>, _ y: SIMD2<Float>, to shell: Int) {
    cross[shell] += Double(x.x * y.x + x.y * y.y)
    first[shell] += Double(x.x * x.x + x.y * x.y)
    second[shell] += Double(y.x * y.x + y.y * y.y)
    counts[shell] += 1
  }

  mutating func add(_ other: ShellSums) {
    for shell in cross.indices {
      cross[shell] += other.cross[shell]
      first[shell] += other.first[shell]
      second[shell] += other.second[shell]
      counts[shell] += other.counts[shell]
    }
  }

  func correlation(_ shell: Int) -> Double { correlation(over: shell..<shell + 1) }

  /// The correlation of several shells taken together.
  func correlation(over shells: Range<Int>) -> Double {
    let scale = (first[shells].reduce(0, +) * second[shells].reduce(0, +)).squareRoot()
    return scale > 0 ? cross[shells].reduce(0, +) / scale : 0
  }
}

/// The frequencies that a tilt series shows: a wedge about the beam's direction, z, is missing.
public struct TiltRange: Sendable, Equatable {
  /// The tangent of the largest tilt.
  private let slope: Double
  /// Place among (z, y, x) of the direction across the tilt axis and the beam.
  private let across: Int

  /// - Parameters:
  ///   - maximum: Largest tilt to either side, in degrees.
  ///   - axis: The axis that the sample is tilted about, `Y` or `X`.
  /// - Throws: `DenoiseError` for another axis or a tilt that is not between 0 and 90 degrees.
  public init(maximum: Double, axis: Character = "Y") throws {
    guard maximum > 0, maximum < 90 else {
      throw DenoiseError("the largest tilt lies between 0 and 90 degrees, not at \(maximum.plain)")
    }
    guard axis == "Y" || axis == "X" else {
      throw DenoiseError(
        "a sample is tilted about `y` or `x`, not \(axis)", hint: "the beam runs along z")
    }
    let radians = maximum * Double.pi / 180
    slope = Elementary.sin(radians) / Elementary.cos(radians)
    across = axis == "Y" ? 2 : 1
  }

  /// Whether a frequency (z, y, x) was measured.
  func includes(_ frequency: [Double]) -> Bool {
    abs(frequency[0]) <= slope * abs(frequency[across]) || frequency[0] == 0
  }

  /// - Throws: `DenoiseError` where an image has not all three axes of space.
  func check(_ image: Image) throws {
    guard image.spatialDimensions.count == 3 else {
      throw DenoiseError("a missing wedge is one of a volume, not of \(image.axes)")
    }
  }
}
