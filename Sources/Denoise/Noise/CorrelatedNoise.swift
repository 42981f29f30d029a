import TensorEngine

/// `correlated(sigma, radius)`: y = x + sigma (g * n) / |g|: white noise smoothed along the spatial
/// axes by a Gaussian g of standard deviation `radius` pixels and scaled back, so that it has the
/// standard deviation sigma. Opposite borders are neighbours, so borders are as noisy as the middle.
public struct CorrelatedNoise: Noise {
  public let sigma: Double
  public let radius: Double

  /// - Throws: `DenoiseError` for a negative sigma or a radius outside 0...64.
  public init(sigma: Double, radius: Double = 1) throws {
    guard sigma >= 0, sigma.isFinite else { throw DenoiseError.strength("sigma", sigma) }
    guard radius >= 0, radius <= 64 else {
      throw DenoiseError("radius must be 0 ... 64 pixels, not \(radius.plain)")
    }
    self.sigma = sigma
    self.radius = radius
  }

  public var description: String {
    "correlated(sigma=\(sigma.plain), radius=\(radius.plain))"
  }

  public func noisyValues(of image: Image, seed: UInt64) -> [Float] {
    let axes = image.spatialDimensions
    let filter = AxisFilter.gaussian(sigma: radius, border: .wrap)
    let norm = filter.taps.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    let gain = axes.reduce(Float(sigma)) { gain, _ in gain / norm }
    let white = PointwiseNoise.normals(count: image.tensor.count, seed: seed)
    let smooth = filter.applied(to: white, shape: image.shape, axes: axes)
    return zip(image.tensor.values, smooth).map { $0 + gain * $1 }
  }
}
