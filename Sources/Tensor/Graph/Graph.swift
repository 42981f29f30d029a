/// A computation as a list of nodes, each after those it reads: inputs, parameters, constants
/// and ops. Built by tracing, differentiated as a whole, then compiled to a `Plan`.
public final class Graph {
  enum Source {
    case input(name: String)
    case parameter(index: Int)
    case constant(Tensor)
    case op(any Op, [Int])
  }

  struct Entry {
    let source: Source
    let shape: [Int]
  }

  private struct Key: Hashable {
    let op: AnyHashable
    let inputs: [Int]
  }

  private(set) var entries: [Entry] = []
  private var known: [Key: Int] = [:]
  private var constants: [UInt32: Int] = [:]

  public init() {}

  /// A tensor given anew at each run.
  public func input(_ name: String, shape: [Int]) -> Node {
    append(.input(name: name), shape)
  }

  /// The tensor at `index` of the run's parameters.
  func parameter(index: Int, shape: [Int]) -> Node {
    append(.parameter(index: index), shape)
  }

  /// A tensor that never changes.
  public func constant(_ value: Tensor) -> Node {
    guard value.shape.isEmpty else { return append(.constant(value), value.shape) }
    let bits = value.values[0].bitPattern
    if let id = constants[bits] { return Node(graph: self, id: id) }
    let node = append(.constant(value), [])
    constants[bits] = node.id
    return node
  }

  public func constant(_ value: Double) -> Node { constant(Tensor(scalar: Float(value))) }

  /// The result of an op; the same node for the same op on the same inputs.
  ///
  /// - Throws: `TensorError` where the shapes do not fit.
  public func apply(_ op: some Op, _ inputs: [Node]) throws -> Node {
    for input in inputs where input.graph !== self {
      throw TensorError("`\(op.name)` mixes tensors of two traces")
    }
    let key = Key(op: AnyHashable(op), inputs: inputs.map(\.id))
    if let id = known[key] { return Node(graph: self, id: id) }
    let shape = try op.shape(inputs.map(\.shape))
    guard shape.isHoldable else {
      throw TensorError("the result of `\(op.name)` is too large: \(shape.asShape)")
    }
    let node = append(.op(op, key.inputs), shape)
    known[key] = node.id
    return node
  }

  private func append(_ source: Source, _ shape: [Int]) -> Node {
    entries.append(Entry(source: source, shape: shape))
    return Node(graph: self, id: entries.count - 1)
  }

  /// Ids of all nodes that `outputs` depend on, in an order in which they can be computed.
  func order(for outputs: [Int]) -> [Int] {
    var needed = Set(outputs)
    for id in stride(from: outputs.max() ?? -1, through: 0, by: -1) where needed.contains(id) {
      if case .op(_, let inputs) = entries[id].source { needed.formUnion(inputs) }
    }
    return needed.sorted()
  }
}

/// A tensor that will be known when the graph runs.
public struct Node {
  public let graph: Graph
  let id: Int

  public var shape: [Int] { graph.entries[id].shape }
  public var rank: Int { shape.count }
  public var count: Int { shape.product }

  /// The number of a scalar constant, if this is one.
  public var number: Double? { constantNumber.map(Double.init) }

  var constantNumber: Float? {
    guard case .constant(let tensor) = graph.entries[id].source, tensor.shape.isEmpty else {
      return nil
    }
    return tensor.values[0]
  }
}
