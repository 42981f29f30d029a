/// One step of training, traced once and run many times: forward, loss, gradient. The optimiser
/// then moves the flat parameters along the flat gradient.
public final class TrainingStep {
  /// Its kernel calls.
  public let plan: Plan
  public let parameters: ParameterBuffer
  let gradient: Memory
  private let scalars: Int
  private let gradientPlaces: [(result: Int, offset: Int)]
  private let updatePlaces: [(result: Int, offset: Int)]

  /// Bytes that a step holds: plan, parameters and gradient.
  public var bytes: Int { plan.bytes + 8 * parameters.memory.count }

  /// - Parameters:
  ///   - inputs: the trace's inputs, in the order in which `run` gets them.
  ///   - loss: one number to be made small.
  ///   - watched: other single numbers to report.
  ///   - limit: bytes the plan may take.
  /// - Throws: `TensorError` where the loss is not a number or the step does not fit in memory.
  public init(
    _ trace: Trace, inputs: [Node], loss: Node, watched: [Node] = [],
    parameters: ParameterBuffer, limit: Int? = nil, engine: Engine = .native,
    precision: Precision = .f32
  ) throws {
    guard trace.layout == parameters.layout else {
      throw TensorError("these parameters belong to another network")
    }
    let written = try Written(trace, inputs: inputs, loss: loss, watched: watched, engine)
    plan = try Plan(
      written.graph, outputs: written.outputs, inputs: written.inputs, parameters: parameters,
      limit: limit, engine: engine, precision: precision)
    let offsets = trace.layout.offsets
    let trainable = trace.layout.entries.indices.filter { trace.layout.entries[$0].trainable }
    scalars = 1 + watched.count
    let first = scalars
    gradientPlaces = trainable.enumerated().map { (first + $0.offset, offsets[$0.element]) }
    updatePlaces = trace.updates.enumerated().map {
      (first + trainable.count + $0.offset, offsets[$0.element.parameter])
    }
    gradient = try Memory(count: parameters.memory.count)
    self.parameters = parameters
  }

  /// Bytes that such a step would hold.
  public static func bytes(
    _ trace: Trace, inputs: [Node], loss: Node, watched: [Node] = [], precision: Precision = .f32
  ) throws -> Int {
    let written = try Written(trace, inputs: inputs, loss: loss, watched: watched, .native)
    let bytes = try Plan.bytes(
      written.graph, outputs: written.outputs, inputs: written.inputs, precision: precision)
    return bytes + 8 * trace.layout.count
  }

  /// Computes loss, watched numbers and gradient, and updates states.
  ///
  /// - Returns: the loss and the watched numbers.
  public func run(_ inputs: [Tensor], moment: Moment) throws -> [Float] {
    try plan.compute(inputs, moment: moment)
    for (result, offset) in gradientPlaces {
      let view = plan.result(result)
      (gradient.base + offset).update(from: view.base, count: view.count)
    }
    for (result, offset) in updatePlaces {
      let view = plan.result(result)
      (parameters.memory.base + offset).update(from: view.base, count: view.count)
    }
    return (0..<scalars).map { plan.result($0)[0] }
  }

  /// The gradient of the last run, in the layout's order; states have none.
  public var gradientValues: [Float] { gradient.values }
}

/// A step's whole graph: forward in fused ops, then the gradient.
private struct Written {
  let graph: Graph
  let inputs: [Node]
  /// The loss, the watched numbers, the gradients of the trainable parameters, the new states.
  let outputs: [Node]

  init(
    _ trace: Trace, inputs: [Node], loss: Node, watched: [Node], _ engine: Engine
  ) throws {
    let forward = [loss] + watched + trace.updates.map(\.value)
    guard engine == .native else {
      graph = trace.graph
      self.inputs = inputs
      outputs =
        try [loss] + watched + trace.graph.gradients(of: loss, with: trace.trainable)
        + trace.updates.map(\.value)
      return
    }
    let fusion = try Fusion(trace.graph, outputs: forward, inputs: inputs + trace.trainable)
    let total = try fusion(loss)
    let trainable = try trace.trainable.map(fusion.callAsFunction)
    let wanted =
      try [total] + watched.map(fusion.callAsFunction)
      + fusion.graph.gradients(of: total, with: trainable)
      + trace.updates.map { try fusion($0.value) }
    let whole = try GradientFusion(fusion.graph, outputs: wanted)
    graph = whole.graph
    self.inputs = try inputs.map { try whole(fusion($0)) }
    outputs = try wanted.map(whole.callAsFunction)
  }
}
