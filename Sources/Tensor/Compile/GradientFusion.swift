/// Rewrites a step, once its gradient is written down, in ops that do several things in one pass
/// over memory:
///
/// - The gradients that reach a tensor from its several readers are added up where they are made,
///   and the slope of the ReLU that made the tensor is taken in there too.
/// - Pooling hands its winners over to its gradient.
/// - A convolution takes the sums that batch norm needs of its result.
package struct GradientFusion {
  package let graph = Graph()
  private let source: Graph
  private let order: [Int]
  private var nodes: [Int: Node] = [:]
  private var readers: [Int: Int] = [:]
  /// Additions and activations that became part of a chain.
  private var claimed: Set<Int> = []
  private var chains: [Chain] = []
  /// The chains that a node adds to, once for each time it does; and the chain that it ends.
  private var parts: [Int: [Int]] = [:]
  private var ends: [Int: Int] = [:]
  /// Pooling by the tensor it pools, where its gradient is asked for.
  private var pools: [Int: (pool: Int, windows: Windows)] = [:]
  /// Convolutions whose sums are asked for.
  private var summed: Set<Int> = []

  /// A sum of gradients, perhaps through an activation.
  private struct Chain {
    /// Slope of the leaky ReLU and its result.
    let gate: (slope: Double, of: Int)?
    /// The sum so far.
    var current: Node?
  }

  /// - Parameter outputs: everything that is asked for, gradients included.
  package init(_ source: Graph, outputs: [Node]) throws {
    self.source = source
    order = source.order(for: outputs.map(\.id))
    for output in outputs { readers[output.id, default: 0] += 1 }
    for id in order { for input in inputs(id) { readers[input, default: 0] += 1 } }
    findHandovers()
    for id in order.reversed() where !claimed.contains(id) { findChain(id) }
    for id in order where !claimed.contains(id) { try rewrite(id) }
  }

  /// The node of the new graph that stands for one of the old.
  package func callAsFunction(_ node: Node) throws -> Node {
    if let found = nodes[node.id] { return found }
    // Not reached by any output: only its shape matters.
    guard case .input(let name) = source.entries[node.id].source else {
      throw TensorError("a node that nothing depends on cannot be computed")
    }
    return graph.input(name, shape: node.shape)
  }

  private func op(_ id: Int) -> (any Op)? {
    if case .op(let op, _) = source.entries[id].source { op } else { nil }
  }

  private func inputs(_ id: Int) -> [Int] {
    if case .op(_, let inputs) = source.entries[id].source { inputs } else { [] }
  }

  private func shape(_ id: Int) -> [Int] { source.entries[id].shape }

  // MARK: What is there to fuse

  private mutating func findHandovers() {
    var gradients: Set<Int> = []
    for id in order {
      if op(id) is MaxPoolGradient { gradients.insert(inputs(id)[0]) }
      if op(id) is ChannelMoments, op(inputs(id)[0]) is FusedConvolution,
        Storage.isBlocked(shape(inputs(id)[0]))
      {
        summed.insert(inputs(id)[0])
      }
    }
    for id in order {
      guard let pool = op(id) as? MaxPool, case let of = inputs(id)[0], gradients.contains(of),
        pool.windows.halve(shape(of))
      else { continue }
      pools[of] = (id, pool.windows)
    }
  }

  private mutating func findChain(_ id: Int) {
    if let activation = op(id) as? LeakyReLUGradient {
      let (dy, y) = (inputs(id)[0], inputs(id)[1])
      note(id, gate: (activation.slope, y), leaves(dy, of: shape(id)))
    } else if isSum(id) {
      note(id, gate: nil, inputs(id).map { leaves($0, of: shape(id)) }.joinedTogether)
    }
  }

  fileprivate struct Leaves {
    var ends: [Int] = []
    var inner: [Int] = []
  }

  private func isSum(_ id: Int) -> Bool {
    op(id) is Add && inputs(id).allSatisfy { shape($0) == shape(id) }
  }

  /// What is added up in a node that only one other reads.
  private func leaves(_ id: Int, of shape: [Int]) -> Leaves {
    guard readers[id] == 1, isSum(id) else { return Leaves(ends: [id]) }
    let below = inputs(id).map { leaves($0, of: shape) }
    return Leaves(
      ends: below.flatMap(\.ends), inner: [id] + below.flatMap(\.inner))
  }

  private mutating func note(
    _ id: Int, gate: (slope: Double, of: Int)?, _ leaves: Leaves
  ) {
    guard leaves.ends.contains(where: isFusable), leaves.ends.allSatisfy({ $0 > gate?.of ?? -1 })
    else { return }
    for leaf in leaves.ends { parts[leaf, default: []].append(chains.count) }
    ends[id] = chains.count
    claimed.formUnion(leaves.inner)
    chains.append(Chain(gate: gate))
  }

  /// Whether a node's kernel adds to what is there and takes in an activation's slope.
  private func isFusable(_ id: Int) -> Bool {
    guard readers[id] == 1 else { return false }
    if op(id) is FusedInputGradient { return (3...5).contains(shape(id).count) }
    return op(id) is MaxPoolGradient && pools[inputs(id)[0]] != nil
  }

  // MARK: Rewriting

  private mutating func rewrite(_ id: Int) throws {
    if let end = ends[id] {
      nodes[id] = chains[end].current
      return try addToChains(id)
    }
    if let chain = parts[id]?.first, isFusable(id) { return try extend(chain, with: id) }
    nodes[id] = try rewritten(id)
    try addToChains(id)
  }

  /// Adds a node that could not be fused to the sums that it is part of.
  private mutating func addToChains(_ id: Int) throws {
    for chain in parts[id] ?? [] {
      var part = try node(id)
      if let gate = chains[chain].gate {
        part = try graph.apply(LeakyReLUGradient(slope: gate.slope), [part, node(gate.of)])
      }
      chains[chain].current = try chains[chain].current.map { try $0 + part } ?? part
    }
  }

  private mutating func extend(_ chain: Int, with id: Int) throws {
    let before = chains[chain].current
    let gate = chains[chain].gate
    let finish = GradientFinish(accumulates: before != nil, gateSlope: gate?.slope)
    let given = try inputs(id).map(node)
    let extra = try (before.map { [$0] } ?? []) + (gate.map { [try node($0.of)] } ?? [])
    if let gradient = op(id) as? FusedInputGradient {
      var fused = gradient
      fused.finish = finish
      chains[chain].current = try graph.apply(fused, given + extra)
    } else if let pool = pools[inputs(id)[0]] {
      let pooled = try node(pool.pool)
      chains[chain].current = try graph.apply(
        FusedPoolGradient(windows: pool.windows, finish: finish), given + [pooled] + extra)
    }
  }

  private func rewritten(_ id: Int) throws -> Node {
    let entry = source.entries[id]
    switch entry.source {
    case .input(let name): return graph.input(name, shape: entry.shape)
    case .parameter(let index): return graph.parameter(index: index, shape: entry.shape)
    case .constant(let tensor): return graph.constant(tensor)
    case .op(let op, let inputs): return try rewritten(op, id, inputs.map(node))
    }
  }

  private func rewritten(_ op: some Op, _ id: Int, _ given: [Node]) throws -> Node {
    if var convolution = op as? FusedConvolution, summed.contains(id) {
      convolution.takesSums = true
      return try graph.apply(convolution, given)
    }
    if var moments = op as? ChannelMoments, summed.contains(inputs(id)[0]) {
      moments.fromSums = true
      return try graph.apply(moments, given)
    }
    if var pool = op as? MaxPool, pools[inputs(id)[0]]?.pool == id {
      pool.keepsWinners = true
      return try graph.apply(pool, given)
    }
    if op is MaxPoolGradient, let pool = pools[inputs(id)[0]] {
      return try graph.apply(
        FusedPoolGradient(windows: pool.windows, finish: GradientFinish()),
        given + [try node(pool.pool)])
    }
    return try graph.apply(op, given)
  }

  private func node(_ id: Int) throws -> Node {
    guard let node = nodes[id] else { throw TensorError("a graph out of order") }
    return node
  }
}

extension [GradientFusion.Leaves] {
  fileprivate var joinedTogether: GradientFusion.Leaves {
    GradientFusion.Leaves(ends: flatMap(\.ends), inner: flatMap(\.inner))
  }
}

/// What a gradient goes through on its way to memory: the slope of a leaky ReLU, by the sign of
/// its result (one more input, the last), and what is there already (one more input before that),
/// over which it may be written.
struct GradientFinish: Hashable, Sendable {
  var accumulates = false
  /// Slope of the leaky ReLU; nil where there is none.
  var gateSlope: Double?

  var inputs: Int { (accumulates ? 1 : 0) + (gateSlope == nil ? 0 : 1) }

  /// Indices of the inputs, where an op has `count` others.
  func accumulated(after count: Int) -> Int? { accumulates ? count : nil }
  func gate(after count: Int) -> Int? {
    gateSlope == nil ? nil : count + (accumulates ? 1 : 0)
  }

  var label: String {
    (gateSlope == nil ? "" : " + relu gradient") + (accumulates ? " + sum" : "")
  }

  /// Writes plain numbers as a kernel would.
  func write<T: Scalar>(_ values: [T], to call: Call<T>, after count: Int) {
    let (sum, gate) = (accumulated(after: count), gate(after: count))
    for i in 0..<call.y.count {
      var value = values[i]
      if let gate, let gateSlope, !(call.x[gate][i] > 0) { value *= T(gateSlope) }
      call.y.base[i] = sum.map { call.x[$0][i] + value } ?? value
    }
  }
}
