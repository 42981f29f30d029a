import TensorEngine

/// The best mixture, frequency by frequency, of two half maps and what a network made of them.
///
/// A network that blurs, or that adds a pattern of its own, shows in how badly its result for one
/// half predicts the other half, whose noise it has not seen. In each shell of Fourier space the
/// weights a and b make a·denoised + b·raw closest to the other half, by least squares; so where the
/// network lost what the raw map holds, the raw map stands. For the mean of both halves the same sums
/// give the weights that fit its smaller noise. No truth is needed.
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
    let sums = Sums(
      own: [grid.sums(f1, y1), grid.sums(f2, y2)], cross: [grid.sums(f1, y2), grid.sums(f2, y1)],
      raw: grid.sums(y1, y2), denoised: grid.sums(f1, f2))
    let shells = 0..<grid.count
    halves = shells.map { sums.halfWeights(around: $0) }
    mean = shells.map { sums.meanWeights(around: $0) }
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

  /// Sums over shells of products of denoised (f) and raw (y) halves.
  private struct Sums {
    /// f1·y1 and f2·y2, with the powers of both.
    let own: [ShellSums]
    /// f1·y2 and f2·y1.
    let cross: [ShellSums]
    let raw: ShellSums
    let denoised: ShellSums

    /// Neighbours steady the weights of shells that hold few coefficients.
    private static let fewest = 400

    private func total(_ shell: Int, _ sums: [Double]) -> Double {
      var reach = 0
      func range() -> ClosedRange<Int> {
        max(min(shell, 1), shell - reach)...min(sums.count - 1, shell + reach)
      }
      while reach < 3, range().map({ raw.counts[$0] }).reduce(0, +) < Sums.fewest { reach += 1 }
      return range().map { sums[$0] }.reduce(0, +)
    }

    private func values(_ shell: Int) -> (
      ff: Double, yy: Double, fy: Double, fOther: Double, yOther: Double, fPair: Double
    ) {
      (
        (total(shell, own[0].first) + total(shell, own[1].first)) / 2,
        (total(shell, own[0].second) + total(shell, own[1].second)) / 2,
        (total(shell, own[0].cross) + total(shell, own[1].cross)) / 2,
        (total(shell, cross[0].cross) + total(shell, cross[1].cross)) / 2,
        total(shell, raw.cross), total(shell, denoised.cross)
      )
    }

    func halfWeights(around shell: Int) -> Weights {
      let v = values(shell)
      return solved(v.ff, v.fy, v.yy, v.fOther, v.yOther)
    }

    /// The mean of two halves has the mean of their power and of what they share.
    func meanWeights(around shell: Int) -> Weights {
      let v = values(shell)
      return solved(
        (v.ff + v.fPair) / 2, (v.fy + v.fOther) / 2, (v.yy + v.yOther) / 2, v.fOther, v.yOther)
    }

    /// The weights of least squares, none negative: a negative weight would be a fit to chance.
    private func solved(
      _ ff: Double, _ fy: Double, _ yy: Double, _ fx: Double, _ yx: Double
    ) -> Weights {
      let ridge = 1e-6
      let (a, d) = (ff * (1 + ridge), yy * (1 + ridge))
      let determinant = a * d - fy * fy
      let alone = (
        denoised: a > 0 ? min(1.5, max(0, fx / a)) : 0, raw: d > 0 ? min(1.5, max(0, yx / d)) : 0
      )
      if determinant > 1e-9 * a * d {
        let weights = Weights(
          denoised: (fx * d - yx * fy) / determinant, raw: (yx * a - fx * fy) / determinant)
        if weights.denoised >= 0, weights.raw >= 0 { return weights }
      }
      // What is left of the error with one of the two alone.
      let gains = (alone.denoised * fx, alone.raw * yx)
      return gains.0 >= gains.1
        ? Weights(denoised: alone.denoised, raw: 0) : Weights(denoised: 0, raw: alone.raw)
    }
  }
}
