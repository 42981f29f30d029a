import TensorEngine

/// A filter that keeps some spatial frequencies of an image and takes others away.
public struct FrequencyFilter: Sendable {
  /// How the gain falls off. At the cutoff the power is half, but for `sharp`.
  public enum Shape: String, Sendable, CaseIterable {
    /// 1 / sqrt(1 + (f / cutoff)^(2 order)): flat, then falling.
    case butterworth
    /// A Gaussian: no ringing, no sharp border.
    case gaussian
    /// All or nothing; rings.
    case sharp
  }

  /// What the numbers of the cutoffs are.
  public enum Measure: String, Sendable, CaseIterable {
    /// Cycles in the voxel's unit (1/A); cycles a pixel where the voxel size is not known.
    case frequency
    /// One over it: a length in the voxel's unit.
    case resolution
    /// Shares of the Nyquist frequency, 0 to 1, of each axis on its own.
    case nyquist
  }

  /// Frequencies below this are taken away.
  public let low: Double?
  /// Frequencies above this are taken away.
  public let high: Double?
  public let measure: Measure
  public let shape: Shape
  /// Steepness of the Butterworth filter.
  public let order: Int

  /// - Parameters:
  ///   - low: Cutoff towards low frequencies; nil keeps them all.
  ///   - high: Cutoff towards high frequencies; nil keeps them all.
  /// - Throws: `DenoiseError` where a cutoff is not above 0, or the two are out of order.
  public init(
    low: Double? = nil, high: Double? = nil, measure: Measure = .frequency,
    shape: Shape = .butterworth, order: Int = 4
  ) throws {
    let isInverse = measure == .resolution
    for cutoff in [low, high].compactMap({ $0 }) where !(cutoff > 0 && cutoff.isFinite) {
      throw DenoiseError("a cutoff must be above 0, not \(cutoff.plain)")
    }
    // Cutoffs are kept as frequencies.
    self.low = low.map { isInverse ? 1 / $0 : $0 }
    self.high = high.map { isInverse ? 1 / $0 : $0 }
    if let low = self.low, let high = self.high, low >= high {
      throw DenoiseError(
        "the band is empty: it begins at \((isInverse ? 1 / low : low).plain) and ends at "
          + "\((isInverse ? 1 / high : high).plain)",
        hint: isInverse
          ? "give the larger length first, such as bandpass(img, 200, 20, by=resolution)"
          : "give the lower frequency first")
    }
    guard (1...64).contains(order) else {
      throw DenoiseError("the order must be 1 ... 64, not \(order)")
    }
    self.measure = measure
    self.shape = shape
    self.order = order
  }

  /// The gain at a frequency (or share of Nyquist).
  public func gain(at frequency: Double) -> Double {
    var gain = 1.0
    if let high { gain *= passing(frequency, below: high) }
    if let low { gain *= rejecting(frequency, below: low) }
    return gain
  }

  private func passing(_ frequency: Double, below cutoff: Double) -> Double {
    let ratio = frequency / cutoff
    switch shape {
    case .sharp: return ratio <= 1 ? 1 : 0
    case .gaussian: return Elementary.exp(-0.5 * FrequencyFilter.log2 * ratio * ratio)
    case .butterworth:
      return 1 / (1 + Elementary.pow(ratio, Double(2 * order))).squareRoot()
    }
  }

  /// What is left of the power where the low pass has taken its share.
  private func rejecting(_ frequency: Double, below cutoff: Double) -> Double {
    let passed = passing(frequency, below: cutoff)
    return max(0, 1 - passed * passed).squareRoot()
  }

  private static let log2 = Elementary.log(2.0)

  /// Filters each plane or volume of an image on its own. The image is taken to go on periodically.
  ///
  /// - Throws: `DenoiseError` for an image without space; `Interrupted`.
  public func applied(to image: Image) throws -> Image {
    let planes = try Planes(of: image)
    let grid = FrequencyGrid(of: image)
    let frequencies = measure == .nyquist ? grid.nyquistShares : grid.magnitudes
    let weights = ParallelArray.make(count: frequencies.count) { range in
      range.map { Float(gain(at: Double(frequencies[$0]))) }
    }
    let filtered = try (0..<planes.count).map { plane in
      var spectrum = try Spectrum(of: planes.values(plane), shape: planes.spatial)
      spectrum.multiply(by: weights)
      return try spectrum.realPart()
    }
    var result = try planes.assembled(filtered)
    result.stored = .float32
    return result
  }
}
