import CKernels

extension FusedConvolution: NativeOp {
  func demands(_ inputs: [[Int]], result: [Int]) -> NativeDemands? {
    guard (3...5).contains(result.count) else { return nil }
    let kernel = inputs[sources].dropFirst(2)
    return NativeDemands(
      haloedInputs: Set(0..<sources), haloedResult: true, halo: (kernel.max() ?? 1) / 2)
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let shape = try kernelShape(
      sources: Array(inputs.prefix(sources)), weights: inputs[sources].shape, output: result)
    return try ForwardCall(shape, self)
  }

  /// The kernels' description of this convolution.
  func kernelShape(
    sources: [StoredTensor], weights: [Int], output: StoredTensor
  ) throws -> dn_conv_shape {
    var shape = dn_conv_shape()
    let missing = 5 - weights.count
    func axes(_ given: [Int]) -> (Int64, Int64, Int64) {
      let all = Array(repeating: 1, count: missing) + given
      return (Int64(all[0]), Int64(all[1]), Int64(all[2]))
    }
    let space = weights.count - 2
    shape.output = try output.layout()
    shape.kernel = axes(Array(weights.dropFirst(2)))
    shape.stride = axes(Array(repeating: stride, count: space))
    shape.sources = Int64(sources.count)
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
      // A gradient at an upsampled source reads one element further.
      NativeDemands(haloedInputs: [0], haloedResult: true, halo: $0.halo)
    }
  }

  func prepare(_ inputs: [StoredTensor], result: StoredTensor) throws -> any NativeCall {
    let sources = (0..<of.sources).map {
      StoredTensor(shape: shapes[$0], storage: result.storage)
    }
    let shape = try of.kernelShape(
      sources: sources, weights: inputs[1].shape, output: inputs[0])
    return try InputGradientCall(shape, source)
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
    packed = (dn_conv_packed_bytes(plan) + 63) / 64 * 16
  }

  deinit { dn_conv_free(plan) }
}

private final class ForwardCall: NativeCall {
  private let plan: ConvolutionPlan
  private let sources: Int
  private let slope: Float
  private let hasBias: Bool

  init(_ shape: dn_conv_shape, _ op: FusedConvolution) throws {
    var shape = shape
    var problem: UnsafePointer<CChar>?
    plan = try ConvolutionPlan(dn_conv_plan_forward(&shape, &problem), problem)
    sources = op.sources
    slope = Float(op.slope)
    hasBias = op.hasBias
  }

  var scratch: Int { plan.packed }
  var operations: Double { dn_conv_operations(plan.plan) }

  func run(
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    dn_conv_pack(plan.plan, x[sources], hasBias ? x[sources + 1] : nil, scratch)
    var arguments = dn_conv_run_arguments()
    arguments.source.0 = UnsafeRawPointer(x[0])
    if sources > 1 { arguments.source.1 = UnsafeRawPointer(x[1]) }
    arguments.packed = UnsafeRawPointer(scratch)
    arguments.output = UnsafeMutableRawPointer(y)
    arguments.slope = slope
    dn_conv_run(plan.plan, &arguments)
  }
}

private final class InputGradientCall: NativeCall {
  private let plan: ConvolutionPlan

  init(_ shape: dn_conv_shape, _ source: Int) throws {
    var shape = shape
    var problem: UnsafePointer<CChar>?
    plan = try ConvolutionPlan(
      dn_conv_plan_input_gradient(&shape, Int64(source), &problem), problem)
  }

  var scratch: Int { plan.packed }
  var operations: Double { dn_conv_operations(plan.plan) }

  func run(
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    dn_conv_pack(plan.plan, x[1], nil, scratch)
    var arguments = dn_conv_run_arguments()
    arguments.source.0 = UnsafeRawPointer(x[0])
    arguments.packed = UnsafeRawPointer(scratch)
    arguments.output = UnsafeMutableRawPointer(y)
    arguments.slope = 1
    dn_conv_run(plan.plan, &arguments)
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
    scratch = (bytes + 63) / 64 * 16
  }

  deinit {
    for plan in plans { dn_conv_weights_free(plan) }
  }

  func run(
    _ x: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    for (source, plan) in plans.enumerated() {
      dn_conv_weights_run(
        plan, x[source], x[plans.count], y, source == 0 ? y + weights : nil, scratch)
    }
  }
}
