import TensorEngine

/// Finds the share of block matching that makes a network's results best, without truth.
///
/// With f the network's result, b that of block matching and m what was measured, the mixture
/// f + w (b - f) is nearest to the truth at w = 1/2 + (F - B) / 2 D, where F and B are the mean
/// squared errors of f and b, and D the mean of (b - f)^2. Errors are estimated at pixels that
/// training never compared with, as (f - m)^2 and (b - m)^2, each mended by how much of a pixel's
/// own noise it lets through (`SteinEstimate`), the noise measured where the network's result is
/// flat. Where there are two exposures, m is the other one, which knows nothing of that noise, and
/// their difference tells how strong it is.
struct BlendSearch {
  /// About how long it takes, in seconds.
  let seconds: Double
  private let images: [Image]
  /// For each image another exposure of the same; nil where there is none.
  private let others: [Image]?
  /// Elements of each image that training did not compare with.
  private let kept: [[Int]]
  private let seed: UInt64

  /// Block matching of an image as it is and pushed, or of two exposures.
  private static let secondsOfElement = 1e-5
  /// Of the time of training.
  private static let mostOfTime = 0.3
  private static let mostElements = 1 << 22
  private static let passes = 16
  /// Noise whose strength changes by more than the first with brightness may be stabilised, by more
  /// than the second must be.
  private static let changing = 1.5
  private static let changingMuch = 3.0

  /// - Parameters:
  ///   - data: as measured, not scaled.
  ///   - heldOut: 1 at pixels kept from training, [space…], for each sample.
  /// - Returns: nil where no share is asked for, images are signals or large for the time that is
  ///   given, or nothing was kept of one.
  init?(_ data: TrainingData, _ options: TrainingOptions, heldOut: [SampleArray?]) throws {
    seconds = Double(data.pixels) * BlendSearch.secondsOfElement
    let time = options.minutes.map { $0 * 60 * BlendSearch.mostOfTime } ?? .infinity
    guard options.prediction.blend == .best, options.target != .clean, data.dimensions >= 2,
      data.pixels <= BlendSearch.mostElements, seconds <= time,
      !data.inputs.contains(where: \.isStreamed)
    else { return nil }
    images = try data.images
    others = options.target == .pair ? try data.others : nil
    kept = try zip(images, heldOut).map { image, held in
      guard let held = try held?.tensor() else { return [] }
      return (0..<image.tensor.count).filter { held.values[$0 % held.count] != 0 }
    }
    guard kept.allSatisfy({ !$0.isEmpty }) else { return nil }
    seed = options.seed
  }

  /// The share at which the mixture with the model's result is nearest to the truth, and the noise
  /// that block matching takes off; no share where block matching is unfit for the noise.
  ///
  /// - Parameter model: of images that need no preparation.
  func blend(for model: TrainedModel) throws -> Blend {
    var options = model.prediction.limited(to: BlendSearch.passes)
    options.blend = .none
    let predictor = try Predictor(model, options)
    func denoised(_ image: Image) throws -> Image { try predictor.predict(image).image }
    let results = try images.map(denoised)
    guard let noise = try noise(results) else { return .none }
    let estimates = try estimates(results, noise)
    // Each exposure of a pair is judged by the other.
    let all = try others.map { try results + $0.map(denoised) } ?? results
    let network = try mean(zip(estimates, all)) { estimate, result in
      try estimate.error(of: result, by: denoised)
    }
    let candidates = try BlendSearch.candidates(noise).map { noise in
      func matched(_ image: Image) throws -> Image {
        try BM3DFilter.denoised(image, noise: noise)
      }
      let classical = try estimates.map { try matched($0.noisy) }
      let error = try mean(zip(estimates, classical)) { estimate, result in
        try estimate.error(of: result, by: matched)
      }
      let distance = try mean(zip(all, classical)) {
        try Metrics.mse($0.tensor, truth: $1.tensor)
      }
      return (noise: noise, error: error, distance: distance)
    }
    guard let best = candidates.min(by: { $0.error < $1.error }) else { return .none }
    let share = best.distance > 0 ? 0.5 + (network - best.error) / (2 * best.distance) : 0
    let part = (min(1, max(0, share)) * 100).rounded() / 100
    return part > 0 ? .share(part, noise: best.noise) : .none
  }

  /// The noise as far as block matching must know it.
  ///
  /// - Returns: nil where there is none, or none that block matching is fit for.
  private func noise(_ results: [Image]) throws -> NoiseCurve? {
    if let others { return try NoiseCurve(of: Array(zip(images, others)), guides: results) }
    guard let noise = try NoiseCurve(of: images, guides: results) else { return nil }
    // What neighbours share must be known, or block matching takes it for signal.
    return try noise.correlation == nil && LeftOver.isShared(images, results) ? nil : noise
  }

  /// What tells the error of each image; of two exposures first for the ones, then for the others.
  private func estimates(
    _ results: [Image], _ noise: NoiseCurve
  ) throws -> [any ErrorEstimate] {
    if let others {
      func pairs(_ ones: [Image], _ others: [Image]) -> [PairEstimate] {
        ones.indices.map { PairEstimate(noisy: ones[$0], other: others[$0], places: kept[$0]) }
      }
      return pairs(images, others) + pairs(others, images)
    }
    return try images.indices.map { index in
      var stream = RandomStream(seed: seed, purpose: .validation, epoch: 5, sample: index)
      return try SteinEstimate(
        of: images[index], guide: results[index], noise: noise, at: kept[index], &stream)
    }
  }

  /// What block matching may be told of the noise.
  private static func candidates(_ noise: NoiseCurve) -> [NoiseCurve] {
    let even = NoiseCurve(constant: noise.typical, correlation: noise.correlation)
    if noise.range > changingMuch { return [noise] }
    return noise.range > changing ? [even, noise] : [even]
  }

  private func mean<Parts: Sequence>(
    _ parts: Parts, _ value: (Parts.Element) throws -> Double
  ) rethrows -> Double {
    let values = try parts.map(value)
    return values.reduce(0, +) / Double(values.count)
  }
}
