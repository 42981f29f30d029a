/// Products of denoised (f) and raw (y) halves over some Fourier coefficients: sums, the mean of both
/// halves' roles where a product has two.
struct MixingMoments: Sendable {
  /// Coefficients, and what each stands for.
  var count = 0.0
  /// |f|^2 and |y|^2.
  var denoised = 0.0
  var raw = 0.0
  /// f y of the same half.
  var own = 0.0
  /// f1 y2 and f2 y1.
  var denoisedOther = 0.0
  /// y1 y2.
  var rawOther = 0.0
  /// f1 f2.
  var denoisedPair = 0.0

  /// Sums of weighted parts.
  init(_ parts: [(moments: MixingMoments, weight: Double)] = []) {
    for (part, weight) in parts {
      count += part.count
      denoised += weight * part.denoised
      raw += weight * part.raw
      own += weight * part.own
      denoisedOther += weight * part.denoisedOther
      rawOther += weight * part.rawOther
      denoisedPair += weight * part.denoisedPair
    }
  }

  /// Correlation of the raw halves.
  var correlation: Double { raw > 0 ? rawOther / raw : 0 }

  /// Power of the noise of a raw half, for each coefficient: half the power of the halves'
  /// difference.
  var noise: Double { count > 0 ? max(raw - rawOther, 1e-12 * raw) / count : 0 }

  /// Power of what the denoised holds and the raw map does not.
  private var fresh: Double { raw > 0 ? denoised - own * own / raw : 0 }

  /// The weight of the denoised beside the raw that predicts the other half best; none is negative,
  /// for a network's result may be useless but not wrong side up.
  private var weight: Double {
    fresh > 1e-9 * denoised ? max(0, (denoisedOther - own * rawOther / raw) / fresh) : 0
  }

  /// How sure that weight is: the square of its quotient by its standard error.
  var evidence: Double {
    let explained = weight * weight * fresh
    guard explained > 0 else { return 0 }
    let left = raw - rawOther * rawOther / raw - explained
    return left > 0 ? count * explained / left : .infinity
  }

  /// Whether there is more signal than three standard errors.
  var hasSignal: Bool { correlation * count.squareRoot() > 3 }

  /// Correlation of a mixture with the other raw half.
  func agreement(of weights: ShellMixing.Weights) -> Double {
    let (a, b) = (weights.denoised, weights.raw)
    let power = a * a * denoised + 2 * a * b * own + b * b * raw
    return power > 0 && raw > 0
      ? (a * denoisedOther + b * rawOther) / (power * raw).squareRoot() : 0
  }

  /// What is taken of the two.
  enum Choice: Sendable, Equatable {
    /// Both, the denoised with a share (0 … 1) of its weight of least squares.
    case mixture(Double)
    case raw, denoised
  }

  /// What the halves speak for.
  ///
  /// Of a weight w with the standard error e, w (1 - k e^2 / w^2) is kept, and nothing below
  /// sqrt(k) errors: k is 2.5 squared, and 3 squared where raw halves agree by 0.8 and more, for
  /// there is little to win. Without it the raw map stands, if its halves agree by more than three
  /// standard errors; where they show no signal at all, the denoised.
  var choice: Choice {
    let kept = 1 - (correlation < MixingMoments.clear ? 6.25 : 9) / max(evidence, 1e-30)
    if kept > 0 { return .mixture(kept) }
    return hasSignal ? .raw : .denoised
  }

  /// Correlation of raw halves from which on a shell is measured well.
  static let clear = 0.8

  /// The weights of a choice; none of a map that stands alone falls below a hundredth, for what the
  /// halves do not show may still be there.
  func weights(_ choice: Choice) -> ShellMixing.Weights {
    switch choice {
    case .mixture(let share):
      let own = share * weight
      return .init(denoised: own, raw: raw > 0 ? (rawOther - own * self.own) / raw : 0)
    case .raw: return .init(denoised: 0, raw: max(0.01, correlation))
    case .denoised:
      return .init(denoised: denoised > 0 ? max(0.01, denoisedOther / denoised) : 1, raw: 0)
    }
  }

  /// The same of the mean of both halves: its power is the mean of the halves' and of what they
  /// share.
  var ofMean: MixingMoments {
    var mean = self
    mean.denoised = (denoised + denoisedPair) / 2
    mean.raw = (raw + rawOther) / 2
    mean.own = (own + denoisedOther) / 2
    return mean
  }
}
