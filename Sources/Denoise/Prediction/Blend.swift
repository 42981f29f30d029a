import TensorEngine

/// How much of a classical estimate, block matching (`bm3d_filter`), is mixed into a network's
/// result: where a network that saw one picture for minutes and block matching are wrong, they are
/// often wrong in different ways.
public enum Blend: Sendable, Equatable {
  case none
  /// As much as is best, which is found when training ends; nothing until then.
  case best
  /// A share from 0 to 1, and the standard deviation of the noise that block matching takes off, in
  /// the image's units; estimated from the image where nil.
  case share(Double, sigma: Double?)

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
    guard case .share(let share, let sigma) = self, share > 0 else { return result }
    let classical = try BM3DFilter(sigma.map { ["sigma": $0] } ?? [:]).denoised(noisy)
    let part = Float(share)
    return try result.with(
      zip(result.tensor.values, classical.tensor.values).map { $0 * (1 - part) + $1 * part })
  }
}

/// Finds the share of block matching that makes a network's results best, without truth.
///
/// Pixels that training never compared with are put behind the mean of their neighbours, and both
/// estimate the picture so changed. The noise of those pixels is in neither estimate, so the mixture
/// nearest to what was measured there is, on average, nearest to the truth.
struct BlendSearch {
  private struct Trial {
    /// With the kept pixels replaced.
    let filled: Image
    let classical: Image
    /// Elements that are kept, and what was measured there.
    let kept: [Int]
    let measured: [Float]
  }

  private let trials: [Trial]
  private let sigma: Double

  /// Block matching takes about five microseconds an element and a share of the time of training.
  private static let secondsEach = 5e-6
  private static let mostOfTime = 0.15
  private static let mostElements = 1 << 22
  /// Of tiles that are kept as a whole, as many pixels are asked.
  private static let share: Float = 0.02
  private static let passes = 16

  /// Denoises pictures by block matching; nil where they are signals, volumes or many, or nothing
  /// was kept.
  ///
  /// - Parameters:
  ///   - data: as measured, not scaled.
  ///   - heldOut: 1 at pixels kept from training, [space…], for each sample.
  init?(_ data: TrainingData, _ options: TrainingOptions, heldOut: [SampleArray?]) throws {
    let allowed = options.minutes.map { $0 * 60 * BlendSearch.mostOfTime / BlendSearch.secondsEach }
    guard options.prediction.blend == .best, data.dimensions == 2,
      data.pixels <= min(BlendSearch.mostElements, allowed.map { Int($0) } ?? .max),
      !data.inputs.contains(where: \.isStreamed)
    else { return nil }
    let images = try data.inputs.map { try Image($0.tensor(), axes: "CYX") }
    let levels = try images.map { try Metrics.noiseLevel(of: $0) }
    sigma = levels.reduce(0, +) / Double(levels.count)
    guard sigma > 0, sigma.isFinite else { return nil }
    let filter = try BM3DFilter(["sigma": sigma])
    trials = try zip(images, heldOut).enumerated().compactMap { index, pair in
      guard let held = try pair.1?.tensor() else { return nil }
      var stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 5, sample: index)
      let dense = held.values.average > 0.1
      let pattern = Tensor(shape: held.shape) { pixel in
        held.values[pixel] != 0 && (!dense || stream.bernoulli(BlendSearch.share)) ? 1 : 0
      }
      let masked = try FixedMask(pattern: pattern).applied(
        to: pair.0.tensor.reshaped([1] + pair.0.shape), streams: [stream])
      let kept = masked.hidden.values.indices.filter { masked.hidden.values[$0] != 0 }
      guard !kept.isEmpty else { return nil }
      let filled = try pair.0.with(masked.input.values)
      return Trial(
        filled: filled, classical: try filter.denoised(filled), kept: kept,
        measured: kept.map { pair.0.tensor.values[$0] })
    }
    if trials.isEmpty { return nil }
  }

  /// The share at which the mixture is nearest to what was measured at the kept pixels.
  func share(for model: TrainedModel) throws -> Blend {
    var options = model.prediction
    options.blend = .none
    options.samples = min(options.samples, BlendSearch.passes)
    let predictor = try Predictor(model, options)
    var product = 0.0
    var square = 0.0
    for trial in trials {
      let result = try predictor.predict(trial.filled).image.tensor.values
      for (index, measured) in zip(trial.kept, trial.measured) {
        let difference = Double(trial.classical.tensor.values[index] - result[index])
        product += difference * Double(measured - result[index])
        square += difference * difference
      }
    }
    let share = square > 0 ? min(1, max(0, product / square)) : 0
    return .share((share * 100).rounded() / 100, sigma: sigma)
  }
}
