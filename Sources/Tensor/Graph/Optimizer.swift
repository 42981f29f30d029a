import CKernels

/// How parameters move along their gradient, in one pass over the flat buffers.
public struct Optimizer: Sendable, Equatable, CustomStringConvertible {
  public enum Rule: String, Sendable, CaseIterable {
    /// Kingma and Ba 2015.
    case adam
    /// Decoupled weight decay: Loshchilov and Hutter 2019.
    case adamw
    /// Rectified: Liu et al. 2020.
    case radam
    /// With momentum.
    case sgd
  }

  public var rule: Rule
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Share of a parameter taken off at each step, times the learning rate (`adamw`), or added to
  /// the gradient (the others).
  public var weightDecay: Double

  public init(
    _ rule: Rule, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double? = nil
  ) {
    self.rule = rule
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay ?? (rule == .adamw ? 0.01 : 0)
  }

  public var description: String {
    switch rule {
    case .sgd: "sgd(momentum=\(beta1), weight_decay=\(weightDecay))"
    default:
      "\(rule.rawValue)(beta1=\(beta1), beta2=\(beta2), epsilon=\(epsilon), "
        + "weight_decay=\(weightDecay))"
    }
  }
}

/// What an optimiser remembers between steps: how many there were, and the moments of the
/// gradient (of the trainable parameters).
public struct OptimizerState: Sendable, Equatable {
  public var steps = 0
  public var first: [Float] = []
  public var second: [Float] = []

  public init() {}

  /// Moves the parameters of `step` along its gradient.
  ///
  /// - Parameters:
  ///   - clip: the greatest norm of the gradient; a longer one is shortened to it.
  /// - Returns: the norm of the gradient before clipping.
  @discardableResult
  public mutating func advance(
    _ step: TrainingStep, with optimizer: Optimizer, learningRate: Double, clip: Double? = nil
  ) -> Double {
    let count = step.parameters.layout.trainableCount
    if first.count != count { first = Array(repeating: 0, count: count) }
    if second.count != count && optimizer.rule != .sgd {
      second = Array(repeating: 0, count: count)
    }
    steps += 1
    let (w, g) = (step.parameters.memory.base, step.gradient.base)
    let norm = dn_gradient_norm(Int64(count), g)
    let scale = clip.map { norm > $0 ? $0 / norm : 1 } ?? 1
    guard count > 0 else { return norm }
    first.withUnsafeMutableBufferPointer { m in
      guard let m = m.baseAddress else { return }
      if optimizer.rule == .sgd {
        return optimizer.descend(count, w, g, m, rate: learningRate, scale: scale)
      }
      var adam = optimizer.adam(steps: steps, rate: learningRate, scale: scale)
      second.withUnsafeMutableBufferPointer { v in
        dn_adam_update(&adam, Int64(count), g, w, m, v.baseAddress)
      }
    }
    return norm
  }
}

extension Optimizer {
  fileprivate func adam(steps: Int, rate: Double, scale: Double) -> dn_adam {
    dn_adam(
      rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      decay: Float(weightDecay), decoupled: rule == .adamw, rectified: rule == .radam,
      step: Int64(steps), gradient_scale: Float(scale))
  }

  /// Stochastic gradient descent with momentum.
  fileprivate func descend(
    _ count: Int, _ w: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>, rate: Double, scale: Double
  ) {
    let (rate, scale) = (Float(rate), Float(scale))
    let (momentum, decay) = (Float(beta1), Float(weightDecay))
    Parallel.forRanges(count, grain: Grain.elementwise) { range in
      for i in range {
        m[i] = momentum * m[i] + (g[i] * scale + decay * w[i])
        w[i] -= rate * m[i]
      }
    }
  }
}
