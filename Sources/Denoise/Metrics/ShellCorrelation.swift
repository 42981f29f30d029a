import TensorEngine

/// Fourier shell correlation of two images of the same thing (Harauz & van Heel 1986), ring
/// correlation in 2-D: how alike they are, from coarse to fine.
///
/// FSC(shell) = Re sum(A B*) / sqrt(sum |A|^2 sum |B|^2), over all planes of the images together.
public struct ShellCorrelation: Sendable {
  /// One shell of frequencies.
  public struct Shell: Sendable, Equatable {
    /// Middle of the shell, in 1/unit of the voxel size (cycles a pixel where that is unknown).
    public let frequency: Double
    /// -1 ... 1; 0 where a shell holds no signal.
    public let correlation: Double
    /// Fourier coefficients in the shell.
    public let count: Int
  }

  /// From the first shell after the mean up to the Nyquist frequency of the coarsest axis.
  public let shells: [Shell]
  /// Unit of resolutions; nil where the voxel size is not known: pixels.
  public let unit: String?
  /// The highest frequency measured.
  public let nyquist: Double

  /// - Parameter mask: Multiplies both images first, which keeps empty space out; of the space's
  ///   or the images' shape, best with a soft edge.
  /// - Throws: `DenoiseError` where shapes differ or the space is too small; `Interrupted`.
  public init(_ a: Image, _ b: Image, mask: Image? = nil) throws {
    try Metrics.check(a.tensor, b.tensor)
    let (planesA, planesB) = (try Planes(of: a), try Planes(of: b))
    let window = try mask.map { try ShellCorrelation.window($0, planesA) }
    let grid = FrequencyGrid(of: a)
    let shells = ShellGrid(grid)
    guard shells.count > 1 else {
      throw DenoiseError(
        "\(a.shape.asShape) is too small for a shell correlation",
        hint: "the space must have at least 4 elements a side")
    }
    var sums = ShellSums(count: shells.count)
    for plane in 0..<planesA.count {
      let first = try Spectrum(
        of: ShellCorrelation.masked(planesA.values(plane), window), shape: planesA.spatial)
      let second = try Spectrum(
        of: ShellCorrelation.masked(planesB.values(plane), window), shape: planesA.spatial)
      sums.add(first.values, second.values, shells.numbers)
    }
    self.shells = (1..<shells.count).map { shell in
      Shell(
        frequency: Double(shell) * shells.width, correlation: sums.correlation(shell),
        count: sums.counts[shell])
    }
    unit = a.voxel == nil ? nil : a.unit
    nyquist = grid.nyquist
  }

  /// Where the correlation first falls below a threshold, as a length in the voxel's unit: the
  /// smaller, the finer. Between shells it is taken to be straight.
  ///
  /// - Returns: The length of the Nyquist frequency where it never falls below; nil where it is
  ///   below from the first shell on.
  public func resolution(at threshold: Double) -> Double? {
    guard let first = shells.first, first.correlation >= threshold else { return nil }
    for (before, after) in zip(shells, shells.dropFirst()) where after.correlation < threshold {
      let drop = before.correlation - after.correlation
      let share = drop > 0 ? (before.correlation - threshold) / drop : 0
      return 1 / (before.frequency + share * (after.frequency - before.frequency))
    }
    return 1 / nyquist
  }

  private static func masked(_ values: [Float], _ window: [Float]?) -> [Float] {
    guard let window else { return values }
    return zip(values, window).map { $0 * $1 }
  }

  private static func window(_ mask: Image, _ planes: Planes) throws -> [Float] {
    guard mask.shape == planes.spatial else {
      throw DenoiseError(
        "the mask is \(mask.shape.asShape), the images' space \(planes.spatial.asShape)")
    }
    return mask.tensor.values
  }
}

/// The radially averaged power of an image over spatial frequency.
public struct PowerSpectrum: Sendable {
  /// Middle of each shell, in 1/unit of the voxel size (cycles a pixel where that is unknown).
  public let frequencies: [Double]
  /// Mean |F|^2 over the number of elements, so that white noise has its variance at every
  /// frequency.
  public let powers: [Double]

  /// - Throws: `DenoiseError` for an image without space or one that is too small; `Interrupted`.
  public init(of image: Image) throws {
    let planes = try Planes(of: image)
    let shells = ShellGrid(FrequencyGrid(of: image))
    guard shells.count > 1 else {
      throw DenoiseError("\(image.shape.asShape) is too small for a power spectrum")
    }
    var sums = ShellSums(count: shells.count)
    for plane in 0..<planes.count {
      let spectrum = try Spectrum(of: planes.values(plane), shape: planes.spatial)
      sums.add(spectrum.values, spectrum.values, shells.numbers)
    }
    frequencies = (1..<shells.count).map { Double($0) * shells.width }
    powers = (1..<shells.count).map { shell in
      sums.first[shell] / Double(max(1, sums.counts[shell])) / Double(planes.area)
    }
  }
}

/// Which shell each element of a spectrum belongs to. Shells are one Fourier pixel of the shortest
/// axis wide, so that none is empty.
private struct ShellGrid {
  /// Width of a shell, in 1/unit.
  let width: Double
  /// Shells up to Nyquist, the one of the mean included.
  let count: Int
  let numbers: [Int]

  init(_ grid: FrequencyGrid) {
    let lengths = zip(grid.shape, grid.spacing).filter { $0.0 > 1 }.map { Double($0) * $1 }
    let width = 1 / (lengths.min() ?? 1)
    self.width = width
    count = max(0, Int(grid.nyquist / width + 1e-6) + 1)
    numbers = grid.magnitudes.map { Int((Double($0) / width).rounded()) }
  }
}

/// Sums over shells, in double precision.
private struct ShellSums {
  var cross: [Double]
  var first: [Double]
  var second: [Double]
  var counts: [Int]

  init(count: Int) {
    cross = Array(repeating: 0, count: count)
    first = cross
    second = cross
    counts = Array(repeating: 0, count: count)
  }

  mutating func add(_ a: [SIMD2<Float>], _ b: [SIMD2<Float>], _ shells: [Int]) {
    for (index, shell) in shells.enumerated() where shell < counts.count {
      let (x, y) = (a[index], b[index])
      cross[shell] += Double(x.x * y.x + x.y * y.y)
      first[shell] += Double(x.x * x.x + x.y * x.y)
      second[shell] += Double(y.x * y.x + y.y * y.y)
      counts[shell] += 1
    }
  }

  func correlation(_ shell: Int) -> Double {
    let scale = (first[shell] * second[shell]).squareRoot()
    return scale > 0 ? cross[shell] / scale : 0
  }
}
