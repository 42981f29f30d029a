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

  /// - Parameters:
  ///   - mask: Multiplies both images first, which keeps empty space out; of the space's or the
  ///     images' shape, best with a soft edge (`SoftMask`).
  ///   - measured: Compares only what a tilt series shows; volumes only.
  /// - Throws: `DenoiseError` where shapes differ or the space is too small; `Interrupted`.
  public init(
    _ a: Image, _ b: Image, mask: Image? = nil, measured: TiltRange? = nil
  ) throws {
    let pair = try ImagePair(a, b, mask: mask, measured: measured)
    self.init(try pair.sums(masked: true), pair)
  }

  init(_ sums: ShellSums, _ pair: ImagePair) {
    shells = (1..<pair.grid.count).map { shell in
      Shell(
        frequency: pair.grid.frequency(shell), correlation: sums.correlation(shell),
        count: sums.counts[shell])
    }
    (unit, nyquist) = (pair.unit, pair.nyquist)
  }

  /// The same shells with other correlations.
  init(_ other: ShellCorrelation, correlations: [Double]) {
    shells = zip(other.shells, correlations).map {
      Shell(frequency: $0.frequency, correlation: $1, count: $0.count)
    }
    (unit, nyquist) = (other.unit, other.nyquist)
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
}

/// Two images of one shape, plane by plane, on their way into Fourier space.
struct ImagePair {
  let grid: ShellGrid
  let unit: String?
  let nyquist: Double
  let planes: (a: Planes, b: Planes)
  private let window: [Float]?

  init(_ a: Image, _ b: Image, mask: Image?, measured: TiltRange?) throws {
    try Metrics.check(a.tensor, b.tensor)
    planes = (try Planes(of: a), try Planes(of: b))
    try measured?.check(a)
    let frequencies = FrequencyGrid(of: a)
    grid = ShellGrid(frequencies, measured: measured)
    guard grid.count > 1 else {
      throw DenoiseError(
        "\(a.shape.asShape) is too small for a shell correlation",
        hint: "the space must have at least 4 elements a side")
    }
    if let mask, mask.shape != planes.a.spatial {
      throw DenoiseError(
        "the mask is \(mask.shape.asShape), the images' space \(planes.a.spatial.asShape)")
    }
    window = mask?.tensor.values
    unit = a.voxel == nil ? nil : a.unit
    nyquist = frequencies.nyquist
  }

  /// Sums over all planes.
  ///
  /// - Parameters:
  ///   - masked: Whether the mask counts.
  ///   - change: What is done to both planes before the mask.
  func sums(
    masked: Bool, change: ((_ plane: [Float], _ number: Int) throws -> [Float])? = nil
  ) throws -> ShellSums {
    var sums = ShellSums(count: grid.count)
    for plane in 0..<planes.a.count {
      func spectrum(_ planes: Planes, _ number: Int) throws -> Spectrum {
        var values = planes.values(plane)
        if let change { values = try change(values, 2 * plane + number) }
        if masked, let window { values = zip(values, window).map { $0 * $1 } }
        return try Spectrum(of: values, shape: planes.spatial)
      }
      sums.add(grid.sums(try spectrum(planes.a, 0), try spectrum(planes.b, 1)))
    }
    return sums
  }
}
