import TensorEngine

/// How the learning rate changes while training.
public enum Schedule: Sendable, Equatable, CustomStringConvertible {
  case constant
  /// Times `factor` after `patience` epochs without a better validation loss.
  case plateau(patience: Int, factor: Double)
  /// Half a cosine from the start to zero over the whole run.
  case cosine
  /// Times `factor` every `every` epochs.
  case step(every: Int, factor: Double)
  /// Rises over the first `steps` steps, then follows another schedule.
  indirect case warmup(steps: Int, then: Schedule)

  public var description: String {
    switch self {
    case .constant: "constant"
    case .plateau(let patience, let factor):
      "plateau(patience=\(patience), factor=\(factor.plain))"
    case .cosine: "cosine"
    case .step(let every, let factor): "step(every=\(every), factor=\(factor.plain))"
    case .warmup(let steps, let then): "warmup(steps=\(steps), then=\(then))"
    }
  }

  /// Where a run stands.
  public struct Position: Sendable {
    public var epoch: Int
    /// Steps since the start of the run.
    public var step: Int
    /// Share of the run that is done, 0 to 1.
    public var progress: Double
    public var plateauReductions: Int
  }

  /// The factor on the learning rate.
  public func factor(at position: Position) -> Double {
    switch self {
    case .constant: 1
    case .plateau(_, let factor):
      Elementary.pow(factor, Double(position.plateauReductions))
    case .cosine: 0.5 * (1 + Elementary.cos(Double.pi * min(1, max(0, position.progress))))
    case .step(let every, let factor):
      Elementary.pow(factor, Double(position.epoch / max(1, every)))
    case .warmup(let steps, let then):
      min(1, Double(position.step + 1) / Double(max(1, steps))) * then.factor(at: position)
    }
  }

  /// The plateau's patience and factor, wherever it stands.
  var plateau: (patience: Int, factor: Double)? {
    switch self {
    case .plateau(let patience, let factor): (patience, factor)
    case .warmup(_, let then): then.plateau
    case .constant, .cosine, .step: nil
    }
  }
}

/// `early_stop(patience=10, min_delta=1e-5)`: ends a run after `patience` epochs whose validation
/// loss was not lower than the best by more than `minDelta`.
public struct EarlyStop: Sendable, Equatable, CustomStringConvertible {
  public let patience: Int
  public let minDelta: Double

  public init(patience: Int = 10, minDelta: Double = 1e-5) {
    self.patience = patience
    self.minDelta = minDelta
  }

  public var description: String {
    "early_stop(patience=\(patience), min_delta=\(minDelta.plain))"
  }
}
