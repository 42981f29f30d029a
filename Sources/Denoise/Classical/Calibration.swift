import TensorEngine

/// The outcome of tuning a denoiser without truth, by J-invariance (Batson & Royer 2019;
/// scikit-image's `calibrate_denoiser`).
///
/// The denoiser runs on the image with some pixels replaced by what their neighbours suggest. It
/// has not seen their noise, so its error against them is, up to the noise's variance, its error
/// against the truth: the settings with the least are the best.
///
/// What stands in a pixel's place is noisy too (`BlindTrial`). With the mean of the neighbours
/// alone the image would be smoother there than elsewhere, and settings too weak would win.
///
/// Where neighbours share their noise, what they say of a hidden pixel knows of its noise. Then
/// nothing is hidden, and errors are told by Stein's estimate from the noise as flat blocks show
/// it.
public struct Calibration: Sendable {
  /// One combination of values, in the order of the ranges.
  public struct Trial: Sendable, Equatable {
    public let values: [Double]
    /// Mean squared error against what was measured and the denoiser did not know, in the image's
    /// squared units: the variance of the noise and the error against the truth.
    public let loss: Double
  }

  /// Values of one parameter to try.
  public struct Range: Sendable {
    public let parameter: String
    public let values: [Double]

    public init(_ parameter: String, _ values: [Double]) {
      self.parameter = parameter
      self.values = values
    }
  }

  /// Hidden pixels that tell settings apart.
  private static let hiddenPixels = 8192

  /// Names of the parameters that were tried.
  public let parameters: [String]
  /// All combinations, the last range fastest.
  public let trials: [Trial]
  /// The denoiser with the best values.
  public let denoiser: any Denoiser
  /// Its result on the whole image.
  public let image: Image

  /// Tries all combinations of values.
  ///
  /// - Parameters:
  ///   - denoiser: Holds the values of the parameters that are not tried.
  ///   - ranges: At least one value of at least one parameter.
  ///   - width: Side of the grid's cells, of which one pixel is hidden.
  ///   - rounds: Sets of hidden pixels that the loss is averaged over; where nil, as many as a
  ///     small image needs for the loss to tell settings apart, 8 at most.
  ///   - progress: Called after each trial with how many are done.
  /// - Throws: `DenoiseError` for a name or value the denoiser does not take; `Interrupted`.
  public init(
    of denoiser: any Denoiser, on image: Image, over ranges: [Range], width: Int = 4,
    rounds: Int? = nil, progress: (Int) -> Void = { _ in }
  ) throws {
    let candidates = try Calibration.candidates(denoiser, ranges)
    let blindSpot = type(of: denoiser).blindSpot
    let judge: (any Denoiser) throws -> Double
    if case .grid = blindSpot, let noise = try NoiseCurve(of: [image]), noise.correlation != nil {
      judge = try Calibration.stein(image, noise, rounds)
    } else {
      judge = try Calibration.blind(image, blindSpot, candidates.map(\.denoiser), width, rounds)
    }
    var trials: [Trial] = []
    for (values, candidate) in candidates {
      trials.append(Trial(values: values, loss: try judge(candidate)))
      progress(trials.count)
    }
    // A loss that is no number never wins.
    let order = trials.indices.filter { !trials[$0].loss.isNaN }
    guard let best = order.min(by: { trials[$0].loss < trials[$1].loss }) else {
      throw DenoiseError("the image holds elements that are no numbers; none of the losses counts")
    }
    parameters = ranges.map(\.parameter)
    self.trials = trials
    self.denoiser = candidates[best].denoiser
    self.image = try candidates[best].denoiser.denoised(image)
  }

  /// Judges denoisers by Stein's estimate.
  private static func stein(
    _ image: Image, _ noise: NoiseCurve, _ rounds: Int?
  ) throws -> (any Denoiser) throws -> Double {
    let needed = (hiddenPixels + image.tensor.count - 1) / max(1, image.tensor.count)
    let guide = try GaussianFilter(["sigma": NoiseCurve.guideWidth]).denoised(image)
    let estimates = try (0..<max(1, rounds ?? min(8, needed))).map { round in
      var stream = RandomStream(seed: 0, purpose: .noise, step: round)
      return try SteinEstimate(of: image, guide: guide, noise: noise, &stream)
    }
    return { denoiser in
      let denoised = try denoiser.denoised(image)
      return try estimates.reduce(0) { sum, estimate in
        try Interrupt.check()
        return try sum + estimate.error(of: denoised, by: denoiser.denoised)
      } / Double(estimates.count)
    }
  }

  /// Judges denoisers at pixels hidden from them.
  private static func blind(
    _ image: Image, _ blindSpot: CalibrationMask, _ candidates: [any Denoiser], _ width: Int,
    _ rounds: Int?
  ) throws -> (any Denoiser) throws -> Double {
    let guides = Array(Set([0, candidates.count / 2, candidates.count - 1])).sorted().map {
      candidates[$0]
    }
    func trial(_ round: Int) throws -> BlindTrial {
      try BlindTrial(of: image, by: blindSpot, round: round, width: max(2, width), guides: guides)
    }
    let first = try trial(0)
    let needed = (Calibration.hiddenPixels + first.hidden.count - 1) / max(1, first.hidden.count)
    let count = max(1, rounds ?? min(8, needed))
    let trials = try [first] + (1..<count).map(trial)
    return { denoiser in
      var error = 0.0
      var count = 0
      for trial in trials {
        try Interrupt.check()
        let loss = try trial.error(of: denoiser.denoised(trial.masked))
        error += loss.sum
        count += loss.count
      }
      return error / Double(max(1, count))
    }
  }

  private static func candidates(
    _ denoiser: any Denoiser, _ ranges: [Range]
  ) throws -> [(values: [Double], denoiser: any Denoiser)] {
    let counts = ranges.map(\.values.count)
    guard !ranges.isEmpty, let total = counts.checkedProduct, total > 0 else {
      throw DenoiseError(
        "there is nothing to calibrate", hint: "give a range: median_filter(radius=1..5)")
    }
    guard total <= 100_000 else { throw DenoiseError("\(total) combinations are too many") }
    return try (0..<total).map { index in
      let values = zip(ranges, counts.position(of: index)).map { $0.values[$1] }
      var settings: [String: Double] = [:]
      for (range, value) in zip(ranges, values) { settings[range.parameter] = value }
      return (values, try denoiser.with(settings))
    }
  }
}
