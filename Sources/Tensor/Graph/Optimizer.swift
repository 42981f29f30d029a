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
    let norm = OptimizerState.norm(step.gradient.base, count)
    let scale = clip.map { norm > $0 ? $0 / norm : 1 } ?? 1
    let pass = Pass(optimizer, steps: steps, learningRate: learningRate, scale: scale)
    let (w, g) = (step.parameters.memory.base, step.gradient.base)
    first.withUnsafeMutableBufferPointer { m in
      second.withUnsafeMutableBufferPointer { v in
        pass.run(count, w, g, m.baseAddress, v.baseAddress)
      }
    }
    return norm
  }

  private static func norm(_ g: UnsafePointer<Float>, _ count: Int) -> Double {
    var total = 0.0
    for start in stride(from: 0, to: count, by: 4096) {
      let part = ChainedSum.of(min(count - start, 4096)) { g[start + $0] * g[start + $0] }
      total += Double(part)
    }
    return total.squareRoot()
  }
}

/// The constants of one optimiser step.
private struct Pass {
  let optimizer: Optimizer
  let rate: Float
  let scale: Float
  let decay: Float
  let beta1: Float
  let beta2: Float
  let epsilon: Float
  let correction2: Float
  /// RAdam's early steps have too few squares to divide by.
  let divides: Bool

  init(_ optimizer: Optimizer, steps: Int, learningRate: Double, scale: Double) {
    self.optimizer = optimizer
    self.scale = Float(scale)
    decay = Float(
      optimizer.rule == .adamw ? optimizer.weightDecay * learningRate : optimizer.weightDecay)
    beta1 = Float(optimizer.beta1)
    beta2 = Float(optimizer.beta2)
    epsilon = Float(optimizer.epsilon)
    let t = Double(steps)
    let power2 = Elementary.pow(optimizer.beta2, t)
    let correction1 = 1 - Elementary.pow(optimizer.beta1, t)
    correction2 = Float(1 / (1 - power2))
    switch optimizer.rule {
    case .sgd:
      rate = Float(learningRate)
      divides = false
    case .adam, .adamw:
      rate = Float(learningRate / correction1)
      divides = true
    case .radam:
      let longest = 2 / (1 - optimizer.beta2) - 1
      let length = longest - 2 * t * power2 / (1 - power2)
      divides = length > 5
      let top = (length - 4) * (length - 2) * longest
      let bottom = (longest - 4) * (longest - 2) * length
      rate = Float(learningRate / correction1 * (divides ? (top / bottom).squareRoot() : 1))
    }
  }

  func run(
    _ count: Int, _ w: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>?, _ v: UnsafeMutablePointer<Float>?
  ) {
    guard let m, count > 0 else { return }
    let isSGD = optimizer.rule == .sgd
    let decoupled = optimizer.rule == .adamw
    Parallel.forRanges(count, grain: Grain.elementwise) { range in
      for i in range {
        var gradient = g[i] * scale
        if decoupled { w[i] -= decay * w[i] } else { gradient += decay * w[i] }
        if isSGD {
          m[i] = beta1 * m[i] + gradient
          w[i] -= rate * m[i]
          continue
        }
        m[i] = beta1 * m[i] + (1 - beta1) * gradient
        guard let v else { continue }
        v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient
        w[i] -= divides ? rate * m[i] / ((v[i] * correction2).squareRoot() + epsilon) : rate * m[i]
      }
    }
  }
}
