/// Which kernels compute the ops of a plan.
public enum Engine: String, Sendable {
  /// The project's own kernels where they fit, on tensors laid out for them.
  case native
  /// im2col and matrix products on plain numbers: the oracle.
  case reference
}

/// A graph with the storage of every node decided: tensors between kernels stay as kernels read
/// them, and are converted only where an op wants plain numbers.
struct Arrangement {
  let graph: Graph
  private(set) var outputs: [Node] = []
  private(set) var inputs: [Node] = []
  private(set) var storage: [Int: Storage] = [:]
  /// Nodes that a native kernel computes.
  private(set) var native: Set<Int> = []

  /// Leaves the graph as it is: every node plain.
  init(plain graph: Graph, outputs: [Node], inputs: [Node]) {
    self.graph = graph
    self.outputs = outputs
    self.inputs = inputs
  }

  init(_ source: Graph, outputs: [Node], inputs: [Node], precision: Precision) throws {
    let target = Graph()
    graph = target
    let order = source.order(for: (outputs + inputs).map(\.id))
    let haloed = Storage.haloed(halo: Arrangement.halo(source, order), precision: precision)
    var nodes: [Int: Node] = [:]
    for id in order {
      let entry = source.entries[id]
      switch entry.source {
      case .input(let name): nodes[id] = target.input(name, shape: entry.shape)
      case .parameter(let index): nodes[id] = target.parameter(index: index, shape: entry.shape)
      case .constant(let tensor): nodes[id] = target.constant(tensor)
      case .op(let op, let sources):
        let given = sources.compactMap { nodes[$0] }
        nodes[id] = try place(op, given, result: entry.shape, haloed)
      }
    }
    self.outputs = try outputs.compactMap { nodes[$0.id] }.map { try plain($0) }
    self.inputs = inputs.compactMap { nodes[$0.id] }
  }

  /// The widest halo that any kernel reads: one for all, so that layouts agree.
  private static func halo(_ graph: Graph, _ order: [Int]) -> Int {
    order.reduce(0) { widest, id in
      guard case .op(let op, let sources) = graph.entries[id].source,
        let native = op as? any NativeOp,
        let demands = native.demands(
          sources.map { graph.entries[$0].shape }, result: graph.entries[id].shape)
      else { return widest }
      return max(widest, demands.halo)
    }
  }

  private mutating func place(
    _ op: some Op, _ given: [Node], result: [Int], _ haloed: Storage
  ) throws -> Node {
    guard let kernel = op as? any NativeOp,
      let demands = kernel.demands(given.map(\.shape), result: result),
      !(op is any FlatOp) || given.contains(where: { storage[$0.id] != nil })
    else { return try graph.apply(op, given.map { try plain($0) }) }
    let inputs = try given.enumerated().map { index, node in
      demands.haloedInputs.contains(index) ? try stored(node, haloed) : try plain(node)
    }
    let node = try graph.apply(op, inputs)
    native.insert(node.id)
    if demands.haloedResult { storage[node.id] = haloed.with(tail: demands.tail) }
    return node
  }

  private mutating func plain(_ node: Node) throws -> Node {
    guard storage[node.id] != nil else { return node }
    let exported = try graph.apply(Export(), [node])
    native.insert(exported.id)
    return exported
  }

  private mutating func stored(_ node: Node, _ haloed: Storage) throws -> Node {
    guard storage[node.id] == nil else { return node }
    let imported = try graph.apply(Import(), [node])
    storage[imported.id] = haloed
    native.insert(imported.id)
    return imported
  }

  /// A node's tensor as kernels see it.
  func tensor(_ id: Int) -> StoredTensor {
    StoredTensor(shape: graph.entries[id].shape, storage: storage[id] ?? .plain)
  }

  /// The native kernel of a node; nil where plain numbers are computed.
  func call(_ op: any Op, inputs: [Int], output: Int) throws -> (any NativeCall)? {
    guard native.contains(output) else { return nil }
    if op is Import { return try Import.call(tensor(output)) }
    if op is Export { return try Export.call(tensor(inputs[0])) }
    return try (op as? any NativeOp)?.prepare(inputs.map(tensor), result: tensor(output))
  }
}
