import TensorEngine

/// `bernoulli(p=0.3, per_channel=true)`: each pixel is hidden with probability p (Self2Self, Quan
/// et al. 2020; scut-mingqinchen/Self2Self). What stays is not rescaled.
public struct BernoulliMask: Mask {
  public let probability: Double
  public let perChannel: Bool
  public let fill: Fill

  /// Weights along one axis for `fill=interpolate`; in n-d their outer product.
  static let taps: [Float] = [1, 2, 3, 2, 1]

  /// - Throws: `DenoiseError` for a probability outside (0, 1).
  public init(probability: Double = 0.3, perChannel: Bool = true, fill: Fill = .zero) throws {
    guard probability > 0, probability < 1 else {
      throw DenoiseError("p must lie between 0 and 1, not \(probability.plain)")
    }
    self.probability = probability
    self.perChannel = perChannel
    self.fill = fill
  }

  public var description: String {
    "bernoulli(p=\(probability.plain), per_channel=\(perChannel), fill=\(fill.rawValue))"
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let threshold = Float(probability)
    for pixel in 0..<sample.area {
      if perChannel {
        for channel in 0..<sample.channels where stream.bernoulli(threshold) {
          sample.hide(pixel, channel: channel)
        }
      } else if stream.bernoulli(threshold) {
        sample.hide(pixel)
      }
    }
    sample.fillHidden(fill, taps: BernoulliMask.taps)
  }
}
