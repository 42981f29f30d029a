import TensorEngine

/// `speckle(s)`: y = x (1 + s n), with n standard normal: noise in proportion to the signal.
public struct SpeckleNoise: Noise {
  public let strength: Double

  /// - Throws: `DenoiseError` for a negative strength.
  public init(strength: Double) throws {
    guard strength >= 0, strength.isFinite else { throw DenoiseError.strength("s", strength) }
    self.strength = strength
  }

  public var description: String { "speckle(s=\(strength.plain))" }

  public func noisyValues(of image: Image, seed: UInt64) -> [Float] {
    let strength = Float(strength)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      value * (1 + strength * stream.normal())
    }
  }
}
