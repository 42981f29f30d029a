import TensorEngine

/// What the net may not see: the first of the lines that make training self-supervised.
///
/// A mask takes a noisy batch, hides pixels of it, and says which. The loss then looks at the
/// hidden pixels only, so the net cannot learn to copy the noise.
public protocol Mask: Sendable, CustomStringConvertible {
  /// Hides pixels of one sample: overwrites them in `sample.input` and sets `sample.hidden` to 1.
  ///
  /// A pixel is hidden because it was chosen, not because its value changed. What stands in its
  /// place does not depend on its own noisy value, except in masks that say otherwise.
  func hide(in sample: inout MaskedSample, stream: inout RandomStream)

  /// - Throws: `DenoiseError` where patches of these sides cannot be masked.
  func check(spatial: [Int]) throws

  /// The mask to validate with: the same one, unless part of it is kept from training.
  var validation: any Mask { get }

  /// Whether the mask hides the same structure in a patch that was turned this way.
  func isKept(by orientation: Orientation) -> Bool

  /// Whether it also changes what predictions are compared with.
  var makesTarget: Bool { get }

  /// The same with what it must know of the data it is for; most need to know nothing.
  ///
  /// - Throws: `DenoiseError` where the data does not tell.
  func fitted(to data: TrainingData) throws -> any Mask

  /// The same for samples on a network's scale.
  func scaled(by scale: IntensityScale) -> any Mask

  /// The same without what it knows of the data it was fitted to.
  var forOtherData: any Mask { get }
}

extension Mask {
  public func check(spatial: [Int]) throws {}
  public var validation: any Mask { self }
  public func isKept(by orientation: Orientation) -> Bool { true }
  public var makesTarget: Bool { false }
  public func fitted(to data: TrainingData) throws -> any Mask { self }
  public func scaled(by scale: IntensityScale) -> any Mask { self }
  public var forOtherData: any Mask { self }

  /// Masks each sample of a batch with its own random stream.
  ///
  /// - Parameters:
  ///   - batch: Noisy values, `[N, C, spatial…]` with one to three spatial axes.
  ///   - streams: One for each of the N samples.
  /// - Throws: `DenoiseError` where the batch has another rank or the patches are too small.
  public func applied(to batch: Tensor, streams: [RandomStream]) throws -> MaskedBatch {
    guard (3...5).contains(batch.rank) else {
      throw DenoiseError("a mask takes a batch [N, C, spatial…], not \(batch.shape.asShape)")
    }
    guard streams.count == batch.shape[0] else {
      throw DenoiseError("\(batch.shape[0]) samples need as many streams, not \(streams.count)")
    }
    let spatial = Array(batch.shape[2...])
    try check(spatial: spatial)
    let each = batch.shape[1] * spatial.product
    let samples = Parallel.map(streams.count) { index in
      var stream = streams[index]
      var sample = MaskedSample(
        Array(batch.values[index * each..<(index + 1) * each]), channels: batch.shape[1],
        spatial: spatial)
      if each > 0 { hide(in: &sample, stream: &stream) }
      return sample
    }
    return MaskedBatch(
      input: try Tensor(samples.flatMap(\.input), shape: batch.shape),
      hidden: try Tensor(samples.flatMap(\.hidden), shape: batch.shape),
      visible: try Tensor(samples.flatMap(\.visible), shape: batch.shape),
      target: makesTarget
        ? try Tensor(samples.flatMap(\.target), shape: batch.shape) : batch)
  }
}

/// A batch as the net sees it, and where the loss looks.
public struct MaskedBatch: Sendable {
  /// The masked batch, `[N, C, spatial…]`.
  public let input: Tensor
  /// 1 at the hidden pixels, 0 elsewhere; of the same shape.
  public let hidden: Tensor

  /// 1 where the input is the noisy batch, 0 at pixels that were hidden or covered with them.
  public let visible: Tensor

  /// What a prediction is compared with: the noisy batch, but for masks that make their own.
  public let target: Tensor

  /// The share of hidden pixels, 0...1.
  public var share: Double { hidden.values.average }
}
