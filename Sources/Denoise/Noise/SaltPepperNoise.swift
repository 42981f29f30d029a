import TensorEngine

/// `salt_pepper(p)`: each value is replaced with probability p, half the time by the image's
/// smallest value and half the time by its largest.
public struct SaltPepperNoise: Noise {
  public let probability: Double

  /// - Throws: `DenoiseError` for a probability outside 0...1.
  public init(probability: Double) throws {
    guard probability >= 0, probability <= 1 else {
      throw DenoiseError("p must lie between 0 and 1, not \(probability.plain)")
    }
    self.probability = probability
  }

  public var description: String { "salt_pepper(p=\(probability.plain))" }

  public func noisyValues(of image: Image, seed: UInt64) -> [Float] {
    let low = image.tensor.values.min() ?? 0
    let high = image.tensor.values.max() ?? 0
    let p = Float(probability)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      let draw = stream.uniform()
      return draw < p / 2 ? low : draw < p ? high : value
    }
  }
}
