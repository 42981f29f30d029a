import TensorEngine

/// The best mixture, frequency by frequency, of two half maps and what a network made of them.
///
/// A network that blurs, or that adds a pattern of its own, shows in how badly its result for one
/// half predicts the other half, whose noise it has not seen. In each shell of Fourier space the
/// weights a and b make a·denoised + b·raw closest to the other half, by least squares; b may be
/// negative, where a network that adds to its input left noise of it in its result. How much of a is
/// kept follows from its standard error (`MixingMoments.choice`), so that chance does not bring in
/// what the raw map has better. For the mean of both halves the same sums give the weights that fit
/// its smaller noise. No truth is needed.
public struct ShellMixing: Sendable {
  /// Weights of one shell.
  public struct Weights: Sendable, Equatable {
    public var denoised: Double
    public var raw: Double
  }

  /// For each half, and for the mean of both; from the shell of the mean density up to Nyquist.
  public let halves: [Weights]
  public let mean: [Weights]
  private let grid: ShellGrid

  /// - Parameters:
  ///   - raw: The two half maps; `denoised` what the network made of each, on the same grid.
  /// - Throws: `DenoiseError` where shapes differ, or the maps are stacks; `Interrupted`.
  public init(raw: (Image, Image), denoised: (Image, Image)) throws {
    for image in [raw.1, denoised.0, denoised.1] { try Metrics.check(raw.0.tensor, image.tensor) }
    guard raw.0.spatialDimensions.count == raw.0.tensor.rank else {
      throw DenoiseError("half maps are volumes or pictures, not \(raw.0.axes)")
    }
    grid = ShellGrid(FrequencyGrid(of: raw.0))
    guard grid.count > 1 else { throw DenoiseError("\(raw.0.shape.asShape) is too small to mix") }
    let (y1, y2) = (try ShellMixing.spectrum(raw.0), try ShellMixing.spectrum(raw.1))
    let (f1, f2) = (try ShellMixing.spectrum(denoised.0), try ShellMixing.spectrum(denoised.1))
    let moments = ShellMixing.moments(
      own: [grid.sums(f1, y1), grid.sums(f2, y2)], cross: [grid.sums(f1, y2), grid.sums(f2, y1)],
      raw: grid.sums(y1, y2), denoised: grid.sums(f1, f2))
    let pooled = ShellMixing.pooled(moments)
    halves = pooled.map { $0.moments.weights($0.choice) }
    mean = pooled.map { $0.moments.ofMean.weights($0.choice) }
  }

  /// The mixture of a denoised and a raw map.
  ///
  /// - Throws: `DenoiseError` where the shapes are not those of the halves; `Interrupted`.
  public func mixed(denoised: Image, raw: Image, _ weights: [Weights]) throws -> Image {
    try Metrics.check(denoised.tensor, raw.tensor)
    guard denoised.shape == grid.shape else {
      throw DenoiseError("weights for \(grid.shape.asShape) do not fit \(denoised.shape.asShape)")
    }
    // Corners beyond Nyquist take the weights of the last shell.
    let numbers = grid.numbers
    func weight(_ index: Int) -> Weights { weights[min(numbers[index], weights.count - 1)] }
    var own = try ShellMixing.spectrum(denoised)
    own.multiply { Float(weight($0).denoised) }
    var other = try ShellMixing.spectrum(raw)
    other.multiply { Float(weight($0).raw) }
    own.add(other)
    var result = try denoised.with(own.realPart())
    result.stored = .float32
    return result
  }

  private static func spectrum(_ image: Image) throws -> Spectrum {
    try Spectrum(of: image.tensor.values, shape: image.shape)
  }

  /// The moments of each shell, from the sums over both roles of two exposures.
  static func moments(
    own: [ShellSums], cross: [ShellSums], raw: ShellSums, denoised: ShellSums
  ) -> [MixingMoments] {
    func half(_ sums: [ShellSums], _ value: (ShellSums) -> [Double], _ shell: Int) -> Double {
      (value(sums[0])[shell] + value(sums[1])[shell]) / 2
    }
    return raw.counts.indices.map { shell in
      var moments = MixingMoments()
      moments.count = Double(raw.counts[shell])
      moments.denoised = half(own, \.first, shell)
      moments.raw = half(own, \.second, shell)
      moments.own = half(own, \.cross, shell)
      moments.denoisedOther = half(cross, \.cross, shell)
      (moments.rawOther, moments.denoisedPair) = (raw.cross[shell], denoised.cross[shell])
      return moments
    }
  }

  /// Evidence that is enough without the neighbours'.
  private static let ample = 25.0

  /// What shells say of their mixture.
  static func pooled(
    _ shells: [MixingMoments]
  ) -> [(moments: MixingMoments, choice: MixingMoments.Choice)] {
    shells.indices.map { pooled($0, shells) }
  }

  /// A shell, with up to three neighbours at each side where it does not say enough by itself: those
  /// whose raw halves agree about as well. Shells that are measured well stand alone. Each counts by
  /// its noise.
  private static func pooled(
    _ shell: Int, _ shells: [MixingMoments]
  ) -> (moments: MixingMoments, choice: MixingMoments.Choice) {
    let middle = shells[shell].correlation
    var result = MixingMoments()
    for reach in 0...(middle < MixingMoments.clear ? 3 : 0) {
      let near = max(min(shell, 1), shell - reach)...min(shells.count - 1, shell + reach)
      let alike = near.filter { $0 == shell || abs(shells[$0].correlation - middle) < 0.1 }
      result = MixingMoments(
        alike.map { (shells[$0], shells[$0].noise > 0 ? 1 / shells[$0].noise : 0) })
      if result.evidence >= ample { break }
    }
    return (result, result.choice)
  }
}
