import TensorEngine

/// `gaussian(sigma)`: y = x + sigma n, with n standard normal.
public struct GaussianNoise: Noise {
  public let sigma: Double

  /// - Throws: `DenoiseError` for a negative sigma.
  public init(sigma: Double) throws {
    guard sigma >= 0, sigma.isFinite else { throw DenoiseError.strength("sigma", sigma) }
    self.sigma = sigma
  }

  public var description: String { "gaussian(sigma=\(sigma.plain))" }

  public func noisyValues(of image: Image, seed: UInt64) -> [Float] {
    let sigma = Float(sigma)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      value + sigma * stream.normal()
    }
  }
}
