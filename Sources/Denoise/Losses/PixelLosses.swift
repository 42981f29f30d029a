import TensorEngine

/// A loss that judges each pixel on its own and takes the mean over those the loss looks at.
public protocol PixelLoss: LossTerm {
  var error: PixelError { get }
}

extension PixelLoss {
  public func value(prediction: Node, target: Node, hidden: Node) throws -> Node {
    try prediction.meanError(error, against: target, where: hidden)
  }
}

/// Mean squared error: mean of (f - y)^2.
public struct MeanSquaredError: PixelLoss {
  public init() {}
  public var description: String { "mse" }
  public var error: PixelError { .squared }
}

/// Mean absolute error: mean of |f - y|.
public struct MeanAbsoluteError: PixelLoss {
  public init() {}
  public var description: String { "mae" }
  public var error: PixelError { .absolute }
}

/// Huber 1964: quadratic up to `delta`, then straight.
public struct HuberLoss: PixelLoss {
  public let delta: Double

  /// - Throws: `DenoiseError` where `delta` is not positive.
  public init(delta: Double = 1) throws {
    guard delta > 0 else { throw DenoiseError("huber takes a bend above 0, not \(delta.plain)") }
    self.delta = delta
  }

  public var description: String { "huber(\(delta.plain))" }
  public var error: PixelError { .huber(delta) }
}

/// Charbonnier: mean of sqrt((f - y)^2 + epsilon^2), a smooth absolute error.
public struct CharbonnierLoss: PixelLoss {
  public let epsilon: Double

  /// - Throws: `DenoiseError` where `epsilon` is not positive.
  public init(epsilon: Double = 1e-3) throws {
    guard epsilon > 0 else {
      throw DenoiseError("charbonnier takes an epsilon above 0, not \(epsilon.plain)")
    }
    self.epsilon = epsilon
  }

  public var description: String { "charbonnier(\(epsilon.plain))" }
  public var error: PixelError { .charbonnier(epsilon) }
}

/// The negative log-likelihood of counts y under a Poisson law of mean f (up to a constant):
/// f - y log f. For data in counts, `normalize=none`; predictions under 1e-6 count as 1e-6.
public struct PoissonLoss: PixelLoss {
  public init() {}
  public var description: String { "poisson_nll" }
  public var error: PixelError { .poisson }
}

/// The norm of the residual over the pixels looked at, of each sample, divided by their number;
/// averaged over samples.
public struct NormLoss: LossTerm {
  public init() {}
  public var description: String { "l2" }

  public func value(prediction: Node, target: Node, hidden: Node) throws -> Node {
    let axes = Array(1..<prediction.rank)
    let squares = try ((prediction - target) * hidden).square().sum(axes: axes)
    let count = try hidden.sum(axes: axes).maximum(1)
    return try (squares.sqrt() / count).mean()
  }
}
