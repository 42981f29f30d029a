import TensorEngine

/// A Fourier shell correlation under a mask, freed of what the mask itself adds.
///
/// Beyond some frequency the phases of both maps are made random, so that nothing is left there for
/// them to share; what correlation the mask still gives is the mask's, and is taken off (Chen et
/// al. 2013): (FSC - random) / (1 - random). The start is the first shell whose correlation without
/// mask falls below 0.8, and the correction holds from two shells after it.
public struct CorrectedCorrelation: Sendable {
  public let corrected: ShellCorrelation
  public let unmasked: ShellCorrelation
  public let masked: ShellCorrelation
  public let randomised: ShellCorrelation
  /// Frequency from which on phases were random; nil where the maps agree up to Nyquist.
  public let start: Double?

  /// - Parameter seed: Of the random phases.
  /// - Throws: `DenoiseError` where shapes differ or the space is too small; `Interrupted`.
  public init(
    _ a: Image, _ b: Image, mask: Image, measured: TiltRange? = nil, seed: UInt64 = 0
  ) throws {
    let pair = try ImagePair(a, b, mask: mask, measured: measured)
    unmasked = ShellCorrelation(try pair.sums(masked: false), pair)
    masked = ShellCorrelation(try pair.sums(masked: true), pair)
    guard let first = unmasked.shells.firstIndex(where: { $0.correlation < 0.8 }) else {
      (corrected, randomised, start) = (masked, masked, nil)
      return
    }
    let numbers = ShellGrid(FrequencyGrid(of: a)).numbers
    let random = try pair.sums(masked: true) { plane, number in
      // Phases of white noise are random and those of a real image.
      var stream = RandomStream(seed: seed, purpose: .noise, sample: number)
      let shape = pair.planes.a.spatial
      let noise = try Spectrum(of: plane.map { _ in stream.normal() }, shape: shape)
      var spectrum = try Spectrum(of: plane, shape: shape)
      spectrum.takePhases(of: noise) { numbers[$0] > first }
      return try spectrum.realPart()
    }
    randomised = ShellCorrelation(random, pair)
    start = unmasked.shells[first].frequency
    let values = zip(masked.shells, randomised.shells).enumerated().map { index, pair in
      let (total, chance) = (pair.0.correlation, pair.1.correlation)
      guard index >= first + 2, chance < 1 else { return total }
      return (total - chance) / (1 - chance)
    }
    corrected = ShellCorrelation(masked, correlations: values)
  }
}
