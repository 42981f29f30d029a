import TensorEngine

/// Brightness on a scale where noise is of standard deviation 1 everywhere: the integral of one
/// over the noise's strength, as Anscombe's transform is for counts (Anscombe 1948).
///
/// The mean of noisy values on the new scale is not the new place of their mean, but lies half the
/// slope of the noise's strength below it; on the way back that is made good (Mäkitalo and Foi
/// 2013 have it exact for counts).
public struct VarianceStabilization: Sendable {
  private let grid: [Double]
  /// The new scale at each point of the grid.
  private let scaled: [Double]
  /// Where results lie on the new scale when their truth is at each point of the grid.
  private let means: [Double]

  private static let points = 1024
  /// The noise's strength is smoothed over this part of the range before its slope is taken.
  private static let smoothing = 0.05

  /// - Parameter range: of the values that come, lowest and highest.
  package init(_ noise: NoiseCurve, range: ClosedRange<Double>) {
    let low = min(range.lowerBound, noise.brightness[0])
    let high = max(range.upperBound, noise.brightness[noise.brightness.count - 1])
    let step = max((high - low) / Double(VarianceStabilization.points - 1), .ulpOfOne)
    let grid = (0..<VarianceStabilization.points).map { low + Double($0) * step }
    let strength = grid.map { noise.deviation(at: $0) }
    var scaled = [0.0]
    for index in 1..<grid.count {
      scaled.append(scaled[index - 1] + 2 * step / (strength[index - 1] + strength[index]))
    }
    let smooth = AxisFilter.gaussian(
      sigma: VarianceStabilization.smoothing * Double(grid.count), border: .symmetric
    ).applied(to: strength.map { Float($0) }, shape: [grid.count], axis: 0)
    var means: [Double] = []
    for index in grid.indices {
      let (before, after) = (max(0, index - 1), min(grid.count - 1, index + 1))
      let slope = Double(smooth[after] - smooth[before]) / (grid[after] - grid[before])
      let mean = scaled[index] - slope / 2
      means.append(max(mean, (means.last ?? -.infinity).nextUp))
    }
    (self.grid, self.scaled, self.means) = (grid, scaled, means)
  }

  init(_ noise: NoiseCurve, for image: Image) {
    let finite = image.tensor.values.filter(\.isFinite)
    let low = Double(finite.min() ?? 0)
    self.init(noise, range: low...max(low, Double(finite.max() ?? 0)))
  }

  /// With the noise as the image itself shows it where it is flat.
  ///
  /// - Throws: `DenoiseError` for an image without space or without noise.
  public init(of image: Image) throws {
    guard let noise = try NoiseCurve(of: [image]) else {
      throw DenoiseError(
        "there is no noise to stabilise", hint: "leave `stabilize` out")
    }
    self.init(noise, for: image)
  }

  /// A denoiser for the scale where the noise is of standard deviation 1, which it is told where it
  /// would estimate it.
  public func told(_ denoiser: any Denoiser) throws -> any Denoiser {
    let takes = type(of: denoiser).parameters.contains { $0 == .sigma }
    guard takes, denoiser.settings.given(.sigma) == nil else { return denoiser }
    return try denoiser.with(["sigma": 1])
  }

  /// An image on the scale where the noise is of standard deviation 1.
  public func applied(to image: Image) throws -> Image {
    try image.with(applied(to: image.tensor.values))
  }

  /// A denoised image back on its own scale.
  public func undone(on image: Image) throws -> Image {
    try image.with(undone(on: image.tensor.values))
  }

  /// Values on the scale where the noise is alike.
  package func applied(to values: [Float]) -> [Float] {
    values.map { Float(VarianceStabilization.line(Double($0), from: grid, to: scaled)) }
  }

  /// Denoised values back on their own scale.
  package func undone(on values: [Float]) -> [Float] {
    values.map { Float(VarianceStabilization.line(Double($0), from: means, to: grid)) }
  }

  /// Straight lines between points, and on beyond the ends.
  private static func line(_ value: Double, from: [Double], to: [Double]) -> Double {
    let (low, share) = from.place(of: value)
    return to[low] + share * (to[low + 1] - to[low])
  }
}

extension BM3DFilter {
  /// Denoises an image of known noise: where that depends on brightness, on the scale where it does
  /// not.
  static func denoised(_ image: Image, noise: NoiseCurve) throws -> Image {
    func filter(_ sigma: Double) throws -> BM3DFilter {
      var filter = try BM3DFilter(["sigma": sigma])
      filter.correlation = noise.correlation
      return filter
    }
    guard noise.deviations.count > 1 else {
      return try filter(noise.deviations[0]).denoised(image)
    }
    let scale = VarianceStabilization(noise, for: image)
    return try scale.undone(on: filter(1).denoised(scale.applied(to: image)))
  }
}
