import CKernels

extension FusedConvolution: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard (3...5).contains(result.count) else { return nil }
    let kernel = inputs[sources].dropFirst(2)
    return NativeDemands(
      haloedInputs: Set(0..<sources), haloedResult: true, halo: (kernel.max() ?? 1) / 2,
      tail: takesSums ? ChannelMoments.sumsCount(channels: result[1]) : 0)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let shape = try kernelShape(
      sources: Array(inputs.prefix(sources)), weights: inputs[sources].shape, output: result)
    return try ForwardCall(shape, self, sums: takesSums ? result.body : nil)
  }

  /// The kernels' description of this convolution.
  func kernelShape(
    sources: [StoredTensor], weights: [Int], output: StoredTensor
  ) throws -> dn_conv_shape {
    var shape = dn_conv_shape()
    let missing = 5 - weights.count
    func axes(_ given: [Int], unused: Int = 1) -> (Int64, Int64, Int64) {
      let all = Array(repeating: unused, count: missing) + given
      return (Int64(all[0]), Int64(all[1]), Int64(all[2]))
    }
    let space = weights.count - 2
    shape.output = try output.layout()
    shape.kernel = axes(Array(weights.dropFirst(2)))
    shape.stride = axes(Array(repeating: stride, count: space))
    shape.sources = Int64(sources.count)
    if let window {
      shape.is_window = true
      shape.start = axes(window.start, unused: 0)
    }
    func source(_ index: Int) throws -> dn_conv_source {
      dn_conv_source(
        layout: try sources[index].layout(),
        scale: axes(Array(repeating: scales[index], count: space)))
    }
    shape.source.0 = try source(0)
    if sources.count > 1 { shape.source.1 = try source(1) }
    return shape
  }
}

extension FusedInputGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    of.demands(shapes, result: result).map {
      NativeDemands(
        haloedInputs: Set([0] + (2..<2 + finish.inputs)), haloedResult: true, halo: $0.halo)
    }
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let sources = (0..<of.sources).map {
      StoredTensor(shape: shapes[$0], storage: result.storage)
    }
    let shape = try of.kernelShape(
      sources: sources, weights: inputs[1].shape, output: inputs[0])
    return try InputGradientCall(shape, self, result)
  }
}

extension FusedParameterGradient: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    let halo = (weights.dropFirst(2).max() ?? 1) / 2
    guard (3...5).contains(weights.count) else { return nil }
    return NativeDemands(
      haloedInputs: Set(0...of.sources), haloedResult: false, halo: halo)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let shape = try of.kernelShape(
      sources: Array(inputs.prefix(of.sources)), weights: weights, output: inputs[of.sources])
    return try ParameterGradientCall(shape, of, weights: weights)
  }
}

/// A plan of the kernels, released with its owner.
private final class ConvolutionPlan {
  let plan: OpaquePointer
  let packed: Int

  init(_ plan: OpaquePointer?, _ problem: UnsafePointer<CChar>?) throws {
    guard let plan else {
      throw TensorError(
        "a convolution cannot be planned: \(problem.map { String(cString: $0) } ?? "no reason")")
    }
    self.plan = plan
    packed = Storage.lines(bytes: dn_conv_packed_bytes(plan))
  }

  /// Floats of packed weights and workspace, for as many threads as there are now.
  var scratch: Int { packed + Storage.lines(bytes: dn_conv_workspace_bytes(plan)) }

  deinit { dn_conv_free(plan) }
}

private final class ForwardCall: NativeCall {
  private let plan: ConvolutionPlan
  private let sources: Int
  private let slope: Float
  private let hasBias: Bool
  /// Where the sums go in the result; nil where none are taken.
  private let sums: Int?
  var scratch: Int { plan.scratch }
  var operations: Double { dn_conv_operations(plan.plan) }

  init(_ shape: dn_conv_shape, _ op: FusedConvolution, sums: Int?) throws {
    var shape = shape
    var problem: UnsafePointer<CChar>?
    plan = try ConvolutionPlan(dn_conv_plan_forward(&shape, &problem), problem)
    sources = op.sources
    slope = Float(op.slope)
    hasBias = op.hasBias
    self.sums = sums
  }

  func run(_ run: NativeRun) {
    dn_conv_pack(
      plan.plan, run.x[sources], hasBias ? run.x[sources + 1] : nil, run.scratch)
    var arguments = dn_conv_run_arguments()
    arguments.source.0 = UnsafeRawPointer(run.x[0])
    if sources > 1 { arguments.source.1 = UnsafeRawPointer(run.x[1]) }
    arguments.packed = UnsafeRawPointer(run.scratch)
    arguments.output = UnsafeMutableRawPointer(run.y)
    arguments.slope = slope
    if let sums {
      arguments.sums = UnsafeMutableRawPointer(run.y + sums).assumingMemoryBound(to: Double.self)
    }
    arguments.workspace = UnsafeMutableRawPointer(run.scratch + plan.packed)
    dn_conv_run(plan.plan, &arguments)
  }
}

private final class InputGradientCall: NativeCall {
  private let plan: ConvolutionPlan
  private let finish: GradientFinish
  private let count: Int
  var scratch: Int { plan.scratch }
  var operations: Double { dn_conv_operations(plan.plan) }

  init(_ shape: dn_conv_shape, _ op: FusedInputGradient, _ result: StoredTensor) throws {
    var shape = shape
    var problem: UnsafePointer<CChar>?
    plan = try ConvolutionPlan(
      dn_conv_plan_input_gradient(&shape, Int64(op.source), &problem), problem)
    finish = op.finish
    count = result.body
  }

  func run(_ run: NativeRun) {
    dn_conv_pack(plan.plan, run.x[1], nil, run.scratch)
    finish.bring(run, count: count, after: 2)
    var arguments = dn_conv_run_arguments()
    arguments.source.0 = UnsafeRawPointer(run.x[0])
    arguments.packed = UnsafeRawPointer(run.scratch)
    arguments.output = UnsafeMutableRawPointer(run.y)
    arguments.slope = 1
    arguments.accumulate = finish.accumulates
    arguments.gate = finish.gate(after: 2).map { UnsafeRawPointer(run.x[$0]) }
    arguments.gate_slope = Float(finish.gateSlope ?? 1)
    arguments.workspace = UnsafeMutableRawPointer(run.scratch + plan.packed)
    dn_conv_run(plan.plan, &arguments)
  }
}

extension GradientFinish {
  /// Brings what is added to into the place of the result, where it does not lie there already.
  func bring(_ run: NativeRun, count: Int, after others: Int) {
    guard let index = accumulated(after: others), run.x[index] != UnsafePointer(run.y) else {
      return
    }
    run.y.update(from: run.x[index], count: count)
  }
}

private final class ParameterGradientCall: NativeCall {
  private var plans: [OpaquePointer] = []
  private let weights: Int
  let scratch: Int
  var operations: Double { plans.map { dn_conv_weights_operations($0) }.reduce(0, +) }
  let leavesHalo = false

  init(_ shape: dn_conv_shape, _ op: FusedConvolution, weights: [Int]) throws {
    var shape = shape
    self.weights = weights.product
    var bytes = 0
    for source in 0..<op.sources {
      var problem: UnsafePointer<CChar>?
      guard let plan = dn_conv_plan_weight_gradient(&shape, Int64(source), &problem) else {
        scratch = 0
        throw TensorError(
          "a gradient cannot be planned: \(problem.map { String(cString: $0) } ?? "no reason")")
      }
      plans.append(plan)
      bytes = max(bytes, dn_conv_weights_workspace_bytes(plan))
    }
    scratch = Storage.lines(bytes: bytes)
  }

  deinit {
    for plan in plans { dn_conv_weights_free(plan) }
  }

  func run(_ run: NativeRun) {
    for (source, plan) in plans.enumerated() {
      dn_conv_weights_run(
        plan, run.x[source], run.x[plans.count], run.y, source == 0 ? run.y + weights : nil,
        run.scratch)
    }
  }
}
