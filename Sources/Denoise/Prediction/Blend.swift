import TensorEngine

/// How much of a classical estimate, block matching (`bm3d_filter`, of volumes BM4D), is mixed into a network's
/// result: where a network that saw one picture for minutes and block matching are wrong, they are
/// often wrong in different ways.
public enum Blend: Sendable, Equatable {
  case none
  /// As much as is best, which is found when training ends; nothing until then.
  case best
  /// A share from 0 to 1, and the noise that block matching takes off, in the image's units; estimated
  /// from the image, as alike everywhere, where nil.
  case share(Double, noise: NoiseCurve?)

  /// As typed: `none`, `best` or a number.
  public var text: String {
    switch self {
    case .none: "\"none\""
    case .best: "\"best\""
    case .share(let share, _): share.plain
    }
  }

  /// A result with its share of block matching of the noisy image it came from.
  ///
  /// - Throws: `DenoiseError` for signals; `Interrupted`.
  func applied(to result: Image, of noisy: Image) throws -> Image {
    guard case .share(let share, let noise) = self, share > 0 else { return result }
    let classical =
      try noise.map { try BM3DFilter.denoised(noisy, noise: $0) }
      ?? BM3DFilter().denoised(noisy)
    let part = Float(share)
    return try result.with(
      zip(result.tensor.values, classical.tensor.values).map { $0 * (1 - part) + $1 * part })
  }
}
