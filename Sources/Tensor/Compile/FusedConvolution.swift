/// A convolution as the kernels compute it: of one or two sources whose concatenation is never
/// written out, each perhaps upsampled while it is read, with bias and leaky ReLU in one go.
///
/// Made by `Fusion` out of simpler ops. Inputs: the sources, the weights, and the bias where there
/// is one.
struct FusedConvolution: Op {
  static let name = "fused conv"
  let stride: Int
  /// 1 or 2 for each source: how often it is repeated along every space axis.
  let scales: [Int]
  /// Slope of the leaky ReLU on the result; 1 for none.
  var slope: Double
  var hasBias: Bool
  /// Whether the sums of each channel and of its squares are left behind the result, for batch
  /// norm.
  var takesSums = false
  /// The only part of the space that is computed; all of it where nil. With stride 1, and from an even
  /// place on where a source is upsampled.
  var window: Window?

  /// A box of the space.
  struct Window: Hashable {
    let start: [Int]
    let size: [Int]

    /// The same as a slice of [samples, channels, space…].
    func slice(of shape: [Int]) -> Slice {
      Slice(starts: [0, 0] + start, steps: shape.map { _ in 1 }, target: shape.prefix(2) + size)
    }
  }

  var sources: Int { scales.count }

  var label: String {
    "conv" + (sources > 1 ? " of \(sources) sources" : "")
      + (scales.contains(2) ? " + upsampling" : "") + (hasBias ? " + bias" : "")
      + (slope == 1 ? "" : slope == 0 ? " + relu" : " + leaky relu") + (takesSums ? " + sums" : "")
      + (window == nil ? "" : " in a window")
  }

  /// Sizes of each source as the convolution sees it.
  func spaces(_ inputs: [[Int]]) -> [[Int]] {
    scales.indices.map { source in inputs[source].dropFirst(2).map { $0 * scales[source] } }
  }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let whole = try wholeShape(inputs)
    return try window?.slice(of: whole).shape([whole]) ?? whole
  }

  /// Shape of the result without a window.
  private func wholeShape(_ inputs: [[Int]]) throws -> [Int] {
    try convolution(rank: inputs[0].count).shape([joined(inputs), inputs[sources]])
  }

  private var withoutWindow: FusedConvolution {
    var whole = self
    whole.window = nil
    return whole
  }

  /// Shape of the sources joined.
  func joined(_ inputs: [[Int]]) throws -> [Int] {
    let spaces = spaces(inputs)
    guard let first = spaces.first, spaces.allSatisfy({ $0 == first }) else {
      throw TensorError("a convolution's sources differ in size")
    }
    let channels = inputs.prefix(sources).map { $0[1] }.reduce(0, +)
    return [inputs[0][0], channels] + first
  }

  func convolution(rank: Int) -> Convolution {
    let axes = rank - 2
    return Convolution(
      stride: Array(repeating: stride, count: axes), dilation: Array(repeating: 1, count: axes))
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let graph = rule.y.graph
    var g =
      slope == 1
      ? rule.dy : try graph.apply(LeakyReLUGradient(slope: slope), [rule.dy, rule.y])
    let shapes = rule.x.map(\.shape)
    let weights = rule.x[sources]
    if let window {
      let whole = try wholeShape(shapes)
      g = try graph.apply(Scatter(region: window.slice(of: whole), target: whole), [g])
    }
    let op = withoutWindow
    // First, so that the sources' memory is free for their gradients.
    let all = try graph.apply(
      FusedParameterGradient(of: op, shapes: shapes), Array(rule.x.prefix(sources)) + [g])
    let inputs = try (0..<sources).map { source in
      try graph.apply(FusedInputGradient(of: op, source: source, shapes: shapes), [g, weights])
    }
    let count = weights.count
    let dw = try all.slice(axis: 0, 0..<count).reshape(weights.shape)
    guard hasBias else { return inputs + [dw] }
    return inputs + [dw, try all.slice(axis: 0, count..<count + weights.shape[0])]
  }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  /// The same by the simple ops, on plain numbers: for checks, and where no kernel fits.
  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    let input = Parts(call.x.prefix(sources)).joined(self)
    let parameters = call.x[sources...].map { PlainTensor($0) }
    var result = input.apply(convolution(rank: input.shape.count), parameters)
    if let window { result = result.apply(window.slice(of: result.shape), []) }
    if slope != 1 { result = result.apply(LeakyReLU(slope: slope), []) }
    result.write(to: call.y)
  }
}

/// The gradient of a fused convolution with respect to one of its sources, from the gradient at
/// the result (before the activation) and the weights.
struct FusedInputGradient: Op {
  static let name = "fused conv input gradient"
  let of: FusedConvolution
  let source: Int
  /// Shapes of the convolution's inputs.
  let shapes: [[Int]]
  var finish = GradientFinish()
  var overwritten: Int? { finish.accumulated(after: 2) }
  var label: String { "conv input gradient" + finish.label }

  func shape(_ inputs: [[Int]]) throws -> [Int] { shapes[source] }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    guard let joined = try? of.joined(shapes) else { return }
    let convolution = of.convolution(rank: joined.count)
    let whole = PlainTensor(call.x[0]).apply(
      ConvolutionInputGradient(of: convolution, input: joined), [PlainTensor(call.x[1])])
    let first = shapes.prefix(source).map { $0[1] }.reduce(0, +)
    var target = joined
    target[1] = shapes[source][1]
    var starts = joined.map { _ in 0 }
    starts[1] = first
    var part = whole.apply(
      Slice(starts: starts, steps: joined.map { _ in 1 }, target: target), [])
    if of.scales[source] > 1 {
      let factors = Array(repeating: of.scales[source], count: joined.count - 2)
      part = part.apply(SumPool(factors: factors), [])
    }
    finish.write(part.values, to: call, after: 2)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("a fused convolution has no second derivative")
  }
}

/// The gradients of a fused convolution with respect to weights and bias, one after the other as
/// a flat vector; from the sources and the gradient at the result (before the activation).
struct FusedParameterGradient: Op {
  static let name = "fused conv parameter gradient"
  var label: String { "conv parameter gradient" }
  let of: FusedConvolution
  let shapes: [[Int]]

  var weights: [Int] { shapes[of.sources] }

  func shape(_ inputs: [[Int]]) throws -> [Int] { [weights.product + weights[0]] }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    let input = Parts(call.x.prefix(of.sources)).joined(of)
    let g = PlainTensor(call.x[of.sources])
    let convolution = of.convolution(rank: input.shape.count)
    let dw = input.apply(ConvolutionWeightGradient(of: convolution, weights: weights), [g])
    let axes = [0] + Array(2..<g.shape.count)
    let db = g.apply(Sum(axes: axes), [])
    for (index, value) in (dw.values + db.values).enumerated() { call.y.base[index] = value }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("a fused convolution has no second derivative")
  }
}

/// `MaxPoolGradient` for boxes of 2, with what follows it; from x, dy and the pooled x, behind
/// which lie the winners.
struct FusedPoolGradient: Op {
  static let name = "fused max pool gradient"
  let windows: Windows
  var finish = GradientFinish()
  var overwritten: Int? { finish.accumulated(after: 3) }
  var label: String { "max pool gradient" + finish.label }

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    let gradient = PlainTensor(call.x[0]).apply(
      MaxPoolGradient(windows: windows), [PlainTensor(call.x[1])])
    finish.write(gradient.values, to: call, after: 3)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("max pooling has no second derivative")
  }
}

extension Node {
  /// A fused convolution, as `Fusion` makes them.
  package static func fusedConvolution(
    _ sources: [Node], scales: [Int]? = nil, weights: Node, bias: Node? = nil, stride: Int = 1,
    slope: Double = 1, window: (start: [Int], size: [Int])? = nil
  ) throws -> Node {
    var op = FusedConvolution(
      stride: stride, scales: scales ?? sources.map { _ in 1 }, slope: slope, hasBias: bias != nil)
    op.window = window.map { FusedConvolution.Window(start: $0.start, size: $0.size) }
    return try weights.graph.apply(op, sources + [weights] + (bias.map { [$0] } ?? []))
  }

  package func imported() throws -> Node { try graph.apply(Import(), [self]) }
  package func exported() throws -> Node { try graph.apply(Export(), [self]) }
}

private struct Parts<T: KernelScalar> {
  let tensors: [PlainTensor<T>]

  init(_ views: ArraySlice<View<T>>) { tensors = views.map(PlainTensor.init) }

  /// The sources, upsampled where asked for, one after the other.
  func joined(_ convolution: FusedConvolution) -> PlainTensor<T> {
    let wide = zip(tensors, convolution.scales).map { tensor, scale in
      guard scale > 1 else { return tensor }
      let factors = Array(repeating: scale, count: tensor.shape.count - 2)
      return tensor.apply(UpsampleNearest(factors: factors), [])
    }
    return wide.count == 1
      ? wide[0] : wide[0].apply(Concatenate(axis: 1), Array(wide.dropFirst()))
  }
}
