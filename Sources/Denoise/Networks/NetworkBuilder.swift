import TensorEngine

/// Writes layers into a trace under readable parameter names, and keeps a table of them.
public final class NetworkBuilder {
  /// A line of the layer table.
  public struct Layer: Sendable, Equatable {
    public let name: String
    public let kind: String
    /// Shape of the result without the sample axis.
    public let shape: [Int]
    public let parameters: Int
  }

  public let trace: Trace
  public private(set) var layers: [Layer] = []
  private var scopes: [String] = []
  /// The parameters asked for so far, by their full names.
  private var known: [String: Node] = [:]
  private var isAgain = false

  public init(_ trace: Trace) { self.trace = trace }

  /// Names of parameters made inside `body` start with `name.`.
  public func scope<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    scopes.append(name)
    defer { scopes.removeLast() }
    return try body()
  }

  /// Writes the same network down once more, for other data: it works with the parameters that
  /// it asked for the first time.
  public func again<Result>(_ body: () throws -> Result) rethrows -> Result {
    isAgain = true
    defer { isAgain = false }
    return try body()
  }

  func path(_ name: String) -> String { (scopes + [name]).joined(separator: ".") }

  /// A parameter under this scope's name.
  func parameter(
    _ name: String, shape: [Int], initial: Initializer, trainable: Bool = true
  ) throws -> Node {
    let full = path(name)
    if isAgain, let node = known[full], node.shape == shape { return node }
    let node = try trace.parameter(full, shape: shape, initial: initial, trainable: trainable)
    known[full] = node
    return node
  }

  private func note(_ name: String, _ kind: String, _ result: Node, _ parameters: Int) {
    guard !isAgain else { return }
    layers.append(
      Layer(
        name: path(name), kind: kind, shape: Array(result.shape.dropFirst()),
        parameters: parameters))
  }

  /// A convolution that keeps the size, He start for the activation behind it.
  ///
  /// - Parameters:
  ///   - slope: of the leaky ReLU that follows; 1 where none does.
  ///   - initial: another start than He's.
  public func conv(
    _ x: Node, _ name: String, filters: Int, kernel: Int = 3, stride: Int = 1, bias: Bool = true,
    slope: Double = 0, initial: Initializer? = nil
  ) throws -> Node {
    guard filters > 0, kernel > 0, kernel % 2 == 1 else {
      throw DenoiseError(
        "a convolution of \(filters) filters with kernel side \(kernel)",
        hint: "filters are 1 or more, kernel sides odd")
    }
    let window = Array(repeating: kernel, count: x.rank - 2)
    let shape = [filters, x.shape[1]] + window
    let fanIn = shape.dropFirst().reduce(1, *)
    let weight = try parameter(
      name + ".weight", shape: shape, initial: initial ?? .he(fanIn: fanIn, slope: slope))
    let offset =
      try bias
      ? parameter(name + ".bias", shape: [filters], initial: .constant(0)) : nil
    let result = try x.convolved(with: weight, bias: offset, stride: stride)
    let text = window.map(String.init).joined(separator: "x")
    note(
      name, "conv \(text)" + (stride > 1 ? " stride \(stride)" : ""), result,
      shape.product + (bias ? filters : 0))
    return result
  }

  /// Batch normalisation: statistics of the batch while training, running averages (momentum 0.1)
  /// when predicting.
  public func batchNorm(_ x: Node, _ name: String) throws -> Node {
    let channels = x.shape[1]
    let gamma = try parameter(name + ".weight", shape: [channels], initial: .constant(1))
    let beta = try parameter(name + ".bias", shape: [channels], initial: .constant(0))
    let mean = try parameter(
      name + ".running_mean", shape: [channels], initial: .constant(0), trainable: false)
    let variance = try parameter(
      name + ".running_var", shape: [channels], initial: .constant(1), trainable: false)
    let result: Node
    if trace.training {
      let moments = try x.channelMoments()
      let count = Double(x.count / Swift.max(1, channels))
      let now = try moments.slice(axis: 0, 0..<1).reshape([channels])
      let spread = try moments.slice(axis: 0, 1..<2).reshape([channels])
      // Written down again, the network keeps to the statistics of the first time.
      if !isAgain {
        try trace.update(mean, to: mean * 0.9 + now * 0.1)
        try trace.update(variance, to: variance * 0.9 + spread * (0.1 * count / max(1, count - 1)))
      }
      result = try x.batchNormalized(moments: moments, ofBatch: true, gamma: gamma, beta: beta)
    } else {
      let moments = try Node.concatenate(
        [mean.reshape([1, channels]), variance.reshape([1, channels])], axis: 0)
      result = try x.batchNormalized(moments: moments, ofBatch: false, gamma: gamma, beta: beta)
    }
    note(name, "batch norm", result, 2 * channels)
    return result
  }

  public func activation(_ x: Node, _ activation: Activation) throws -> Node {
    switch activation {
    case .none: x
    case .relu: try x.relu()
    case .leaky(let slope): try x.leakyReLU(slope)
    case .sigmoid: try x.sigmoid()
    case .tanh: try x.tanh()
    }
  }

  /// Zeros elements at random and scales the rest up; at prediction too where `always`.
  public func dropout(_ x: Node, _ name: String, probability: Double, always: Bool) throws -> Node {
    guard probability > 0, trace.training || always else { return x }
    let result = try trace.dropout(x, probability: probability)
    note(name, "dropout \(probability)", result, 0)
    return result
  }

  /// Half the size along every space axis.
  public func pool(_ x: Node, _ name: String, _ pooling: Pooling) throws -> Node {
    let result: Node
    switch pooling {
    case .max: result = try x.maxPooled(2)
    case .average: result = try x.averagePooled(2)
    case .maxblur: result = try x.maxBlurPooled()
    }
    note(name, "\(pooling.rawValue) pool", result, 0)
    return result
  }

  /// Twice the size along every space axis.
  public func upsample(_ x: Node, _ name: String, _ upsampling: Upsampling, filters: Int) throws
    -> Node
  {
    let result: Node
    switch upsampling {
    case .nearest: result = try x.upsampledNearest(2)
    case .linear: result = try x.upsampledLinear()
    case .transpose:
      let window = Array(repeating: 3, count: x.rank - 2)
      let weight = try parameter(
        name + ".weight", shape: [x.shape[1], filters] + window,
        initial: .he(fanIn: x.shape[1] * window.product / 2))
      let space = x.shape.dropFirst(2).map { $0 * 2 }
      result = try x.convolvedTransposed(with: weight, space: space, stride: 2)
      note(name, "transposed conv stride 2", result, weight.count)
      return result
    }
    note(name, "upsample \(upsampling.rawValue)", result, 0)
    return result
  }
}

/// What follows a convolution.
public enum Activation: Sendable, Equatable {
  case none, relu, sigmoid, tanh
  case leaky(Double)

  /// The slope for a He start: 0 for ReLU, 1 where nothing bends.
  public var slope: Double {
    switch self {
    case .relu: 0
    case .leaky(let slope): slope
    case .none, .sigmoid, .tanh: 1
    }
  }

  public var text: String {
    switch self {
    case .none: "none"
    case .relu: "relu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .leaky(let slope): "leaky(\(slope))"
    }
  }
}

public enum Pooling: String, Sendable, CaseIterable {
  case max, average, maxblur

  /// How far a halving and a doubling by repetition see, in elements of the finer grid.
  var reach: Int { self == .maxblur ? 2 : 1 }
}

public enum Upsampling: String, Sendable, CaseIterable {
  case nearest, linear, transpose

  /// How much farther than a repetition it sees, in elements of the finer grid.
  var reach: Int { self == .nearest ? 0 : 2 }
}

public enum Normalizing: String, Sendable, CaseIterable { case none, batch }
public enum Skips: String, Sendable, CaseIterable { case concat, add, none }
