import TensorEngine

/// Finds the share of block matching that makes a network's results best, without truth.
///
/// With f the network's result, b that of block matching and m what was measured, the mixture
/// f + w (b - f) is nearest to the truth at w = 1/2 + (F - B) / 2 D, where F and B are the mean
/// squared errors of f and b, and D the mean of (b - f)^2. The difference of the errors is estimated
/// at pixels that training never compared with, as that of (f - m)^2 and (b - m)^2, each mended by
/// how much of a pixel's own noise it lets through (Stein 1981): 2 v df/dm, the derivative by a
/// random push of all pixels (Ramani, Blu and Unser 2008), v the variance of the noise, which may
/// grow with the brightness. Only a difference of such terms counts, so v need not be known well.
struct BlendSearch {
  fileprivate struct Trial {
    let noisy: Image
    /// The noisy image with each element pushed up or down.
    let pushed: Image
    /// Block matching of both.
    let classical: [Float]
    let classicalPushed: [Float]
    /// Elements that training did not compare with.
    let kept: [Int]
  }

  private let trials: [Trial]
  private let sigma: Double

  /// Block matching of both takes about ten microseconds an element and a share of the time of
  /// training.
  private static let secondsEach = 1e-5
  private static let mostOfTime = 0.3
  private static let mostElements = 1 << 22
  private static let passes = 16
  /// Of the noise.
  private static let pushShare = 0.1
  /// Where neighbouring pixels share their noise, or it is nothing like alike from place to place,
  /// block matching takes it for signal and takes off less than the network does: by 1.4 and more,
  /// where white noise gives 1 to 1.15. A network that learnt too little also takes off much, but
  /// what it takes off is alike from pixel to pixel, being signal.
  fileprivate static let mostTaken = 1.3
  fileprivate static let signalCorrelation = 0.1

  /// Denoises pictures or volumes by block matching; nil where they are signals, or large for the
  /// time that is given, or nothing was kept.
  ///
  /// - Parameters:
  ///   - data: as measured, not scaled.
  ///   - heldOut: 1 at pixels kept from training, [space…], for each sample.
  init?(_ data: TrainingData, _ options: TrainingOptions, heldOut: [SampleArray?]) throws {
    let allowed = options.minutes.map { $0 * 60 * BlendSearch.mostOfTime / BlendSearch.secondsEach }
    guard options.prediction.blend == .best, data.dimensions >= 2,
      data.pixels <= min(BlendSearch.mostElements, allowed.map { Int($0) } ?? .max),
      !data.inputs.contains(where: \.isStreamed)
    else { return nil }
    let images = try data.inputs.map {
      try Image($0.tensor(), axes: data.dimensions == 2 ? "CYX" : "CZYX")
    }
    let levels = try images.map { try Metrics.noiseLevel(of: $0) }
    let sigma = levels.reduce(0, +) / Double(levels.count)
    guard sigma > 0, sigma.isFinite else { return nil }
    let push = Float(BlendSearch.pushShare * sigma)
    let filter = try BM3DFilter(["sigma": sigma])
    trials = try zip(images, heldOut).enumerated().compactMap { index, pair in
      guard let held = try pair.1?.tensor() else { return nil }
      let kept = pair.0.tensor.values.indices.filter { held.values[$0 % held.count] != 0 }
      guard !kept.isEmpty else { return nil }
      var stream = RandomStream(
        seed: options.seed, purpose: .validation, epoch: 5, sample: index)
      let pushed = try pair.0.with(
        pair.0.tensor.values.map { stream.bernoulli(0.5) ? $0 + push : $0 - push })
      return Trial(
        noisy: pair.0, pushed: pushed,
        classical: try filter.denoised(pair.0).tensor.values,
        classicalPushed: try filter.denoised(pushed).tensor.values, kept: kept)
    }
    if trials.isEmpty { return nil }
    self.sigma = sigma
  }

  /// The share at which the mixture with the model's result is nearest to the truth; nothing where
  /// block matching is unfit for the noise.
  func share(for model: TrainedModel) throws -> Blend {
    var options = model.prediction
    options.blend = .none
    options.samples = min(options.samples, BlendSearch.passes)
    let predictor = try Predictor(model, options)
    let parts = try trials.compactMap { trial -> Comparison? in
      let result = try predictor.predict(trial.noisy).image.tensor.values
      if try trial.isUnfit(result) { return nil }
      let pushed = try predictor.predict(trial.pushed).image.tensor.values
      return trial.comparison(result, pushed, sigma: sigma)
    }
    guard parts.count == trials.count else { return .share(0, sigma: sigma) }
    func mean(_ value: (Comparison) -> Double) -> Double {
      parts.map(value).reduce(0, +) / Double(parts.count)
    }
    let (gap, distance) = (mean(\.gap), mean(\.distance))
    let share = distance > 0 ? min(1, max(0, 0.5 + gap / (2 * distance))) : 0
    return .share((share * 100).rounded() / 100, sigma: sigma)
  }
}

/// How a network's result compares with block matching.
private struct Comparison {
  /// Mean squared error of the network less that of block matching.
  let gap: Double
  /// Mean squared difference of the two.
  let distance: Double
}

extension BlendSearch.Trial {
  /// Whether the noise is not what block matching takes it for, by what it and a network's result
  /// take off.
  fileprivate func isUnfit(_ result: [Float]) throws -> Bool {
    let measured = noisy.tensor.values
    let taken = try noisy.with(zip(measured, result).map(-))
    let least = zip(measured, classical).map(-).meanAndDeviation.deviation
    guard taken.tensor.values.meanAndDeviation.deviation > BlendSearch.mostTaken * least,
      taken.spatialDimensions.allSatisfy({ taken.shape[$0] > 1 })
    else { return false }
    let neighbours = try ResidualAutocorrelation(of: taken, distance: 1).coefficients.map { $0[1] }
    return neighbours.reduce(0, +) / Double(neighbours.count) < BlendSearch.signalCorrelation
  }

  fileprivate func comparison(
    _ result: [Float], _ resultPushed: [Float], sigma: Double
  ) -> Comparison {
    let (measured, moved) = (noisy.tensor.values, pushed.tensor.values)
    let variances = VarianceLine(
      of: zip(result, measured).map(-), at: result, least: sigma * sigma)
    var distance = 0.0
    var own = 0.0
    for index in result.indices {
      let difference = Double(classical[index] - result[index])
      distance += difference * difference
      let lead =
        (resultPushed[index] - result[index]) - (classicalPushed[index] - classical[index])
      let push = moved[index] - measured[index]
      // Numbers so large that the push is lost in them say nothing.
      if push != 0 { own += variances.value(at: result[index]) * Double(lead / push) }
    }
    let count = Double(result.count)
    let gap = kept.reduce(0.0) { sum, index in
      let (f, b) = (Double(result[index] - measured[index]), classical[index] - measured[index])
      return sum + f * f - Double(b * b)
    }
    return Comparison(
      gap: gap / Double(kept.count) + 2 * own / count, distance: distance / count)
  }
}

/// The variance of the noise as a line over the brightness, as of a detector that counts: least
/// squares of the squared residuals.
private struct VarianceLine {
  private let mean: Double
  private let slope: Double
  private let middle: Double

  /// - Parameter least: what the mean variance is at least, for a part of the noise stays in results.
  init(of residuals: [Float], at brightness: [Float], least: Double) {
    let count = Double(max(1, residuals.count))
    let squares = residuals.map { Double($0) * Double($0) }
    let found = squares.reduce(0, +) / count
    let center = brightness.reduce(0.0) { $0 + Double($1) } / count
    var (cross, spread) = (0.0, 0.0)
    for (square, bright) in zip(squares, brightness) {
      let away = Double(bright) - center
      cross += away * (square - found)
      spread += away * away
    }
    let scale = found > 0 ? max(1, least / found) : 1
    (mean, middle) = (found * scale, center)
    slope = spread > 0 ? cross / spread * scale : 0
  }

  func value(at brightness: Float) -> Double {
    max(0.05 * mean, mean + slope * (Double(brightness) - middle))
  }
}
