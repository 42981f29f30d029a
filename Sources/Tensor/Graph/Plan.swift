import CKernels

/// A graph made ready to run: a flat list of kernel calls over one arena. Nothing is allocated
/// while it runs; how much memory it takes is known before.
public final class Plan {
  private let arena: Memory
  private let inputBuffers: [Memory]
  private let constants: [Memory]
  private let parameters: ParameterBuffer?
  private let calls: [PreparedCall]
  private let results: [View<Float>]
  private let inputShapes: [[Int]]
  private var scratch: Memory
  private var scratchThreads: Int
  private let bytesOfResults: [Int]

  /// Whether runs take the time of every call, for `lines`.
  public var isMeasured = false {
    didSet { measured = (0, Array(repeating: .zero, count: calls.count)) }
  }
  private var measured: (runs: Int, times: [Duration]) = (0, [])

  /// Bytes of the arena, inputs and constants; parameters are counted by their buffer.
  public let bytes: Int

  private struct PreparedCall {
    let op: any Op
    let x: [View<Float>]
    let y: MutableView<Float>
    let native: (any NativeCall)?
    let pointers: [UnsafePointer<Float>]
    /// The layout whose halo is to be cleared before the kernel runs.
    let halo: dn_layout?
  }

  /// - Parameters:
  ///   - inputs: nodes made by `Graph.input`, in the order in which `run` will get them.
  ///   - limit: bytes the plan may take; more is refused.
  /// - Throws: `TensorError` where it does not fit in memory.
  public convenience init(
    _ graph: Graph, outputs: [Node], inputs: [Node], parameters: ParameterBuffer? = nil,
    limit: Int? = nil, engine: Engine = .native, precision: Precision = .f32
  ) throws {
    var none: Plan?
    try self.init(
      graph, outputs: outputs, inputs: inputs, parameters: parameters, limit: limit,
      engine: engine, precision: precision, over: &none)
  }

  /// The same in the memory of a plan that is not used again, where that is large enough; else that
  /// memory is given back first.
  package init(
    _ graph: Graph, outputs: [Node], inputs: [Node], parameters: ParameterBuffer? = nil,
    limit: Int? = nil, engine: Engine = .native, precision: Precision = .f32,
    over last: inout Plan?
  ) throws {
    let arrangement = try Plan.arranged(graph, outputs, inputs, engine, precision)
    let layout = try PlanLayout(arrangement)
    bytes = layout.bytes
    if let limit, bytes > limit {
      throw TensorError(
        "this needs \(ByteCount(bytes)) of memory; the limit is \(ByteCount(limit))")
    }
    if let given = last,
      given.arena.count < layout.arena || given.inputShapes != inputs.map(\.shape)
    {
      last = nil
    }
    let arena = try last?.arena ?? Memory(count: layout.arena)
    let inputBuffers = try last?.inputBuffers ?? inputs.map { try Memory(count: $0.count) }
    last = nil
    let constants = try layout.constants.map { tensor in
      let memory = try Memory(count: tensor.count)
      memory.base.update(from: tensor.values, count: tensor.count)
      return memory
    }
    let offsets = parameters?.layout.offsets ?? []
    let addresses = layout.places.mapValues { place -> UnsafeMutablePointer<Float>? in
      switch place {
      case .arena(let offset): arena.base + offset
      case .input(let index): inputBuffers[index].base
      case .constant(let index): constants[index].base
      case .parameter(let index): parameters.map { $0.memory.base + offsets[index] }
      }
    }
    func address(_ id: Int) throws -> UnsafeMutablePointer<Float> {
      guard let found = addresses[id], let pointer = found else {
        throw TensorError("a plan reads a parameter that it was not given")
      }
      return pointer
    }
    let entries = arrangement.graph.entries
    calls = try layout.steps.map { step in
      let x = try step.inputs.map {
        View(base: UnsafePointer(try address($0)), shape: entries[$0].shape)
      }
      let result = arrangement.tensor(step.output)
      let leavesHalo = step.native?.leavesHalo ?? false
      return PreparedCall(
        op: step.op, x: x,
        y: MutableView(base: try address(step.output), shape: entries[step.output].shape),
        native: step.native, pointers: x.map(\.base),
        halo: leavesHalo ? result.storage.layout(of: result.shape) : nil)
    }
    results = try arrangement.outputs.map {
      View(base: UnsafePointer(try address($0.id)), shape: $0.shape)
    }
    bytesOfResults = layout.steps.map {
      let result = arrangement.tensor($0.output)
      return result.storage.count(of: result.shape) * MemoryLayout<Float>.stride
    }
    scratch = try Memory(count: layout.scratch)
    scratchThreads = layout.threads
    self.arena = arena
    self.inputBuffers = inputBuffers
    self.constants = constants
    self.parameters = parameters
    inputShapes = inputs.map(\.shape)
  }

  /// Bytes that such a plan would take.
  public static func bytes(
    _ graph: Graph, outputs: [Node], inputs: [Node], precision: Precision = .f32
  ) throws -> Int {
    try PlanLayout(arranged(graph, outputs, inputs, .native, precision)).bytes
  }

  /// The graph in fused ops with its storages decided, or as it is.
  private static func arranged(
    _ graph: Graph, _ outputs: [Node], _ inputs: [Node], _ engine: Engine, _ precision: Precision
  ) throws -> Arrangement {
    guard engine == .native else {
      return Arrangement(plain: graph, outputs: outputs, inputs: inputs)
    }
    let fusion = try Fusion(graph, outputs: outputs, inputs: inputs)
    return try Arrangement(
      fusion.graph, outputs: outputs.map(fusion.callAsFunction),
      inputs: inputs.map(fusion.callAsFunction), precision: precision)
  }

  /// Computes the outputs.
  ///
  /// - Throws: `TensorError` where an input has another shape than the plan was made for;
  ///   `Interrupted` between two kernels.
  public func run(_ inputs: [Tensor], moment: Moment = Moment()) throws -> [Tensor] {
    try compute(inputs, moment: moment)
    return results.map {
      Tensor(
        trusted: Array(UnsafeBufferPointer(start: $0.base, count: $0.count)), shape: $0.shape)
    }
  }

  /// As `run`, inputs and results where the plan has them: nothing is held twice.
  ///
  /// - Parameters:
  ///   - fill: writes every number of each input.
  ///   - take: is given the inputs as they were filled, and the results; until the next run.
  package func run<Outcome>(
    moment: Moment = Moment(), fill: ([UnsafeMutableBufferPointer<Float>]) throws -> Void,
    take: (_ inputs: [UnsafeBufferPointer<Float>], _ results: [UnsafeBufferPointer<Float>]) throws
      -> Outcome
  ) throws -> Outcome {
    let inputs = zip(inputBuffers, inputShapes).map {
      UnsafeMutableBufferPointer(start: $0.base, count: $1.product)
    }
    try fill(inputs)
    try compute(moment)
    return try take(
      inputs.map { UnsafeBufferPointer($0) },
      results.map { UnsafeBufferPointer(start: $0.base, count: $0.count) })
  }

  /// As `run`, leaving the results in place: see `result`.
  func compute(_ inputs: [Tensor], moment: Moment) throws {
    guard inputs.map(\.shape) == inputShapes else {
      throw TensorError(
        "a plan for \(inputShapes.map(\.asShape)) was given \(inputs.map(\.shape.asShape))")
    }
    for (buffer, tensor) in zip(inputBuffers, inputs) {
      buffer.base.update(from: tensor.values, count: tensor.count)
    }
    try compute(moment)
  }

  private func compute(_ moment: Moment) throws {
    try fitScratch()
    guard !isMeasured else { return try measure(moment) }
    for call in calls {
      try Interrupt.check()
      run(call, moment)
    }
  }

  private func run(_ call: PreparedCall, _ moment: Moment) {
    guard let native = call.native else {
      return call.op.run(Call(x: call.x, y: call.y, scratch: scratch.base, moment: moment))
    }
    if var halo = call.halo { dn_clear_halo(&halo, call.y.base) }
    native.run(
      NativeRun(x: call.pointers, y: call.y.base, scratch: scratch.base, moment: moment))
  }

  private func measure(_ moment: Moment) throws {
    let clock = ContinuousClock()
    for (index, call) in calls.enumerated() {
      try Interrupt.check()
      measured.times[index] += clock.measure { run(call, moment) }
    }
    measured.runs += 1
  }

  /// The calls in the order in which they run.
  public var lines: [PlanLine] {
    calls.enumerated().map { index, call in
      PlanLine(
        name: call.op.label, inputs: call.x.map(\.shape), result: call.y.shape,
        bytes: bytesOfResults[index], operations: call.native?.operations ?? 0,
        isNative: call.native != nil,
        milliseconds: measured.runs == 0
          ? nil : measured.times[index] / .milliseconds(1) / Double(measured.runs))
    }
  }

  /// Scratch is laid out for as many threads as there were; more may have been asked for since.
  private func fitScratch() throws {
    let threads = Parallel.threads
    guard threads > scratchThreads else { return }
    let wanted =
      calls.map { $0.native?.scratch ?? $0.op.scratch($0.x.map(\.shape), threads: threads) }.max()
      ?? 0
    if wanted > scratch.count { scratch = try Memory(count: wanted) }
    scratchThreads = threads
  }

  /// Shapes of the outputs.
  package var resultShapes: [[Int]] { results.map(\.shape) }

  /// The numbers of an output after `compute`.
  func result(_ index: Int) -> View<Float> { results[index] }
}
