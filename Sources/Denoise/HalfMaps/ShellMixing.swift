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
    let pooled = try MixingSums(
      grid, raw: [raw.0.tensor.values, raw.1.tensor.values],
      denoised: [denoised.0.tensor.values, denoised.1.tensor.values]
    ).pooled
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
    var result = try denoised.with(
      ShellWeights(weights: weights).mixed(
        denoised.tensor.values, raw.tensor.values, on: grid.shape,
        places: grid.places(among: weights.count)))
    result.stored = .float32
    return result
  }
}
