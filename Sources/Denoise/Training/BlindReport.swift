import TensorEngine

/// What can be said of a trained network without truth, from the middle of an image: how strong
/// the noise is, how near the prediction comes to the truth, and whether what was removed looks
/// like noise.
public struct BlindReport: Sendable, Equatable {
  /// Standard deviation of the noise, in the image's units: half the spread of the difference of
  /// two exposures where there are two; else what training measured, or from wavelets
  /// (`Metrics.noiseLevel`), or from flat blocks where neighbours share their noise.
  public let noise: Double
  /// Whether neighbours share their noise, there is but one exposure and training knew nothing of it:
  /// then a network that was shown them has learnt it, and the PSNR is too high.
  public let isShared: Bool
  /// Estimated PSNR in dB; nil where the noise explains all of the error.
  public let psnr: Double?
  /// What the PSNR refers to.
  public let peak: Double
  /// Standard deviation of the residual over that of the noise.
  public let removed: Double
  /// The largest autocorrelation of the residual at a distance of a pixel or more, by size.
  public let whiteness: Double
  /// The largest autocorrelation that the noise is known to have; 0 where nothing is known.
  private let expected: Double
  /// Of white noise, 95 in 100 coefficients lie within plus and minus this.
  public let bound: Double

  /// Sides of the part looked at, for one, two and three axes of space.
  private static let sides = [8192, 128, 40]
  /// Passes averaged at most: enough to judge by, few enough not to wait for.
  private static let passes = 8

  /// - Parameters:
  ///   - image: noisy, of the kind that the model was trained on.
  ///   - other: another exposure of the same.
  /// - Throws: `DenoiseError` where the image is too small to be judged; `Interrupted`.
  public init(
    of model: TrainedModel, on image: any ImageSource, other: (any ImageSource)? = nil
  ) throws {
    let sides = BlindReport.sides
    let side = sides[min(sides.count, max(1, image.spatialDimensions.count)) - 1]
    let noisy = try image.middle(side: side)
    var options = model.prediction.limited(to: BlindReport.passes)
    options.turns = .none
    let predictor = try Predictor(model, options)
    let clean = try predictor.predict(noisy).image
    let residual = try noisy.minus(clean)
    let known = other == nil ? BlindReport.knownNoise(of: model) : nil
    let steady = try other == nil && known == nil ? SteadyNoise.shared(of: [noisy]) : nil
    isShared = steady != nil
    if let other {
      let difference = try noisy.minus(other.middle(side: side))
      noise = difference.tensor.values.meanAndDeviation.deviation / 2.0.squareRoot()
    } else if let known {
      noise = clean.tensor.values.map { Float(known.deviation(at: Double($0))) }.rootMeanSquare
    } else if let steady {
      noise = steady.deviation
    } else {
      noise = try Metrics.noiseLevel(of: noisy)
    }
    peak = Metrics.peak(ofNoisy: noisy) { clean }
    func denoised(_ image: Image) throws -> Image { try predictor.predict(image).image }
    if let known {
      // A network that sees all pixels is not asked for one that is replaced.
      var stream = RandomStream(seed: options.seed, purpose: .validation, epoch: 6)
      let estimate = try SteinEstimate(of: noisy, guide: clean, noise: known, &stream)
      psnr = Metrics.blindPSNR(
        selfLoss: try estimate.error(of: clean, by: denoised), noiseVariance: noise * noise,
        peak: peak)
    } else {
      psnr = try BlindQuality(of: noisy, sigma: noise, peak: peak, by: denoised).psnr
    }
    removed = noise > 0 ? residual.tensor.values.meanAndDeviation.deviation / noise : 0
    let shortest = residual.spatialDimensions.map { residual.shape[$0] }.min() ?? 1
    let correlation = try ResidualAutocorrelation(
      of: residual, distance: max(1, min(8, shortest / 4)))
    whiteness = correlation.largest
    expected = known?.correlation?.coefficients.compactMap(\.first).max() ?? 0
    bound = correlation.bound
  }

  /// The noise that a model's training measured, where it is alike in all channels.
  private static func knownNoise(of model: TrainedModel) -> NoiseCurve? {
    guard let noise = (model.mask as? RecorruptMask)?.noise, noise.curves.count == 1 else {
      return nil
    }
    return noise.curves[0]
  }

  /// What the figures mean, in a sentence.
  public var verdict: String {
    if removed < 0.8 { return "noise is left in the result: train longer, or hide more" }
    if isShared {
      return
        "neighbours share their noise (`noise_correlation`): the PSNR is too hopeful, and what hides "
        + "single pixels learns the noise; `method=auto` knows of it"
    }
    if whiteness > max(0, expected) + max(0.1, 3 * bound) {
      return removed > 1.1
        ? "structure was removed with the noise, or the noise is alike among neighbours"
        : "what was removed is alike among neighbours: look at it with `whiteness`"
    }
    return "what was removed looks like noise"
  }
}
