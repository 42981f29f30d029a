import TensorEngine

/// How much of the noisy image is mixed back into a network's result.
public enum MixBack: Sendable, Equatable {
  case share(Double)
  /// What follows from the result's own error: with L its mean squared distance from the noisy
  /// image and sigma the noise, the best mixture of a prediction that saw nothing of a pixel with
  /// that pixel is f + (1 - sigma^2 / L) (y - f) (Batson and Royer 2019). For mode `phases`, where
  /// L is just that.
  case byError
  /// Another share at each frequency, which training on two exposures finds when it ends; nothing
  /// until then. Of images in memory.
  case shells(ShellWeights?)

  /// As typed: a number, `error` or `shells`.
  public var text: String {
    switch self {
    case .share(let share): share.plain
    case .byError: "\"error\""
    case .shells: "\"shells\""
    }
  }

  /// As it is kept with a model: `0.03`, `error` or the weights of shells.
  public var stored: String {
    switch self {
    case .share(let share): "\(share)"
    case .byError: "error"
    case .shells(let weights): weights?.description ?? "0"
    }
  }

  /// - Returns: nil for a text that is no `stored`.
  public init?(stored: String) {
    if stored == "error" {
      self = .byError
    } else if let share = Double(stored) {
      self = .share(share)
    } else if let weights = ShellWeights(stored) {
      self = .shells(weights)
    } else {
      return nil
    }
  }

  /// The share that is alike at all frequencies.
  var everywhere: Double {
    guard case .share(let share) = self else { return 0 }
    return share
  }
}
