/// Rewrites a forward graph in larger ops: convolution with the concatenation and upsampling in
/// front of it, the slice of its space and the activation behind it; batch norm and partial
/// convolution with theirs.
///
/// Done before differentiation, so that gradients are those of the larger ops.
struct Fusion {
  let graph = Graph()
  private let source: Graph
  private var nodes: [Int: Node] = [:]
  private var readers: [Int: Int] = [:]

  init(_ source: Graph, outputs: [Node], inputs: [Node]) throws {
    self.source = source
    for output in outputs { readers[output.id, default: 0] += 1 }
    let order = source.order(for: (outputs + inputs).map(\.id))
    for id in order {
      if case .op(_, let inputs) = source.entries[id].source {
        for input in inputs { readers[input, default: 0] += 1 }
      }
    }
    for id in order { nodes[id] = try rewritten(id) }
  }

  /// The node of the new graph that stands for one of the old.
  func callAsFunction(_ node: Node) throws -> Node {
    if let found = nodes[node.id] { return found }
    // Not reached by any output: only its shape matters.
    guard case .parameter(let index) = source.entries[node.id].source else {
      throw TensorError("a node that nothing depends on cannot be computed")
    }
    return graph.parameter(index: index, shape: node.shape)
  }

  private func rewritten(_ id: Int) throws -> Node {
    let entry = source.entries[id]
    switch entry.source {
    case .input(let name): return graph.input(name, shape: entry.shape)
    case .parameter(let index): return graph.parameter(index: index, shape: entry.shape)
    case .constant(let tensor): return graph.constant(tensor)
    case .op(let op, let inputs):
      if let convolution = op as? Convolution, let node = try fused(convolution, inputs) {
        return node
      }
      if let activation = op as? LeakyReLU, let node = try joined(activation, inputs[0]) {
        return node
      }
      if let norm = op as? BatchNorm, let node = try folded(norm, inputs) { return node }
      if let slice = op as? Slice, let node = try windowed(slice, inputs[0]) { return node }
      return try reapplied(op, inputs.map(node))
    }
  }

  private func node(_ id: Int) throws -> Node {
    guard let node = nodes[id] else { throw TensorError("a graph out of order") }
    return node
  }

  private func reapplied(_ op: some Op, _ inputs: [Node]) throws -> Node {
    try graph.apply(op, inputs)
  }

  private func fused(_ op: Convolution, _ inputs: [Int]) throws -> Node? {
    let kernel = source.entries[inputs[1]].shape.dropFirst(2)
    guard op.groups == 1, op.dilation.allSatisfy({ $0 == 1 }), let stride = op.stride.first,
      op.stride.allSatisfy({ $0 == stride }), stride <= 2, kernel.count <= 3,
      kernel.allSatisfy({ $0 <= 15 })
    else { return nil }
    var parts = [inputs[0]]
    if case .op(let join, let joined) = source.entries[inputs[0]].source,
      (join as? Concatenate)?.axis == 1, joined.count == 2
    {
      parts = joined
    }
    var scales: [Int] = []
    var sources: [Node] = []
    for part in parts {
      if stride == 1, case .op(let up, let small) = source.entries[part].source,
        let up = up as? UpsampleNearest, up.factors.allSatisfy({ $0 == 2 })
      {
        scales.append(2)
        sources.append(try node(small[0]))
      } else {
        scales.append(1)
        sources.append(try node(part))
      }
    }
    let fused = FusedConvolution(
      stride: stride, scales: scales, slope: 1, hasBias: inputs.count == 3)
    return try graph.apply(fused, sources + inputs.dropFirst().map(node))
  }

  /// A batch norm with constant moments, taken into weights and bias of the convolution before
  /// it, where nothing else reads that.
  private func folded(_ norm: BatchNorm, _ inputs: [Int]) throws -> Node? {
    guard !norm.ofBatch, norm.slope == 1, readers[inputs[0]] == 1,
      case .op(let before, let sources) = graph.entries[try node(inputs[0]).id].source,
      let convolution = before as? FusedConvolution, convolution.slope == 1
    else { return nil }
    let given = sources.map { Node(graph: graph, id: $0) }
    let weights = given[convolution.sources]
    let channels = weights.shape[0]
    func row(_ index: Int) throws -> Node {
      try node(inputs[1]).slice(axis: 0, index..<index + 1).reshape([channels])
    }
    let scale = try node(inputs[2]) / (row(1) + norm.epsilon).sqrt()
    let mean = try row(0)
    let shift = try convolution.hasBias ? given[convolution.sources + 1] - mean : -mean
    let each = [channels] + Array(repeating: 1, count: weights.rank - 1)
    var op = convolution
    op.hasBias = true
    return try graph.apply(
      op,
      given.prefix(convolution.sources)
        + [weights * scale.reshape(each), node(inputs[3]) + shift * scale])
  }

  /// A slice of a convolution's space, where nothing else reads the rest: it alone is computed.
  private func windowed(_ slice: Slice, _ input: Int) throws -> Node? {
    let whole = source.entries[input].shape
    guard readers[input] == 1, slice.steps.allSatisfy({ $0 == 1 }),
      slice.starts.prefix(2).allSatisfy({ $0 == 0 }), slice.target.prefix(2) == whole.prefix(2),
      case .op(let before, let sources) = graph.entries[try node(input).id].source,
      var op = before as? FusedConvolution, op.window == nil, op.stride == 1, !op.takesSums
    else { return nil }
    let start = Array(slice.starts.dropFirst(2))
    guard !op.scales.contains(2) || start.allSatisfy({ $0 % 2 == 0 }) else { return nil }
    op.window = FusedConvolution.Window(start: start, size: Array(slice.target.dropFirst(2)))
    return try graph.apply(op, sources.map { Node(graph: graph, id: $0) })
  }

  /// A leaky ReLU taken into the op in front of it, where nothing else reads that.
  private func joined(_ activation: LeakyReLU, _ input: Int) throws -> Node? {
    guard readers[input] == 1 else { return nil }
    guard case .op(let op, let inputs) = graph.entries[try node(input).id].source else {
      return nil
    }
    let before = inputs.map { Node(graph: graph, id: $0) }
    if var op = op as? FusedConvolution, op.slope == 1 {
      op.slope = activation.slope
      return try graph.apply(op, before)
    }
    if let op = op as? BatchNorm, op.slope == 1 {
      return try graph.apply(
        BatchNorm(epsilon: op.epsilon, ofBatch: op.ofBatch, slope: activation.slope), before)
    }
    if let op = op as? PartialFinish, op.slope == 1 {
      return try graph.apply(PartialFinish(slope: activation.slope), before)
    }
    return nil
  }
}
