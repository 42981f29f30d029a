/// A network being written down: its graph, the parameters it asks for, and the states that a
/// training step changes beside the gradient.
///
/// Tracing the same network again, for another shape or for prediction, asks for the same
/// parameters in the same order, so that their values fit.
public final class Trace {
  public let graph = Graph()
  /// True while the trace is for training: batch statistics, dropout.
  public let training: Bool
  public private(set) var layout = ParameterLayout()
  private(set) var updates: [(parameter: Int, value: Node)] = []
  private var parameters: [Node] = []
  private var dropouts = 0

  public init(training: Bool) { self.training = training }

  /// Asks for a parameter.
  ///
  /// - Throws: `TensorError` where the name is taken.
  public func parameter(
    _ name: String, shape: [Int], initial: Initializer, trainable: Bool = true
  ) throws -> Node {
    let index = try layout.add(
      .init(name: name, shape: shape, trainable: trainable, initial: initial))
    let node = graph.parameter(index: index, shape: shape)
    parameters.append(node)
    return node
  }

  /// After each training step the state `parameter` becomes `value`.
  public func update(_ parameter: Node, to value: Node) throws {
    guard let index = parameters.firstIndex(where: { $0.id == parameter.id }),
      !layout.entries[index].trainable, value.shape == parameter.shape
    else { throw TensorError("only a state of the same shape can be updated by a step") }
    updates.append((index, value))
  }

  /// x with elements set to zero at random and the rest scaled up, drawn anew at every run.
  public func dropout(_ x: Node, probability: Double) throws -> Node {
    guard probability > 0 else { return x }
    dropouts += 1
    return try x.dropout(probability: probability, number: dropouts)
  }

  /// The nodes of the trainable parameters, in the layout's order.
  var trainable: [Node] {
    parameters.indices.filter { layout.entries[$0].trainable }.map { parameters[$0] }
  }
}
