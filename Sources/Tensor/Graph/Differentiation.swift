extension Graph {
  /// Gradients of a scalar with respect to `targets`, as new nodes of this graph (reverse mode).
  ///
  /// - Returns: one node a target, of the target's shape; zeros where the scalar does not depend
  ///   on it.
  /// - Throws: `TensorError` where `loss` is not a single number.
  public func gradients(of loss: Node, with targets: [Node]) throws -> [Node] {
    guard loss.count == 1 else {
      throw TensorError(
        "a loss must be one number; this one has the shape \(loss.shape.asShape)",
        hint: "take its `mean`")
    }
    let path = order(for: [loss.id])
    let relevant = dependents(of: Set(targets.map(\.id)), along: path)
    var found: [Int: Node] = [loss.id: try constant(1.0).broadcast(to: loss.shape)]

    for id in path.reversed() where relevant.contains(id) {
      guard let dy = found[id], case .op(let op, let inputs) = entries[id].source,
        inputs.contains(where: relevant.contains)
      else { continue }
      let x = inputs.map { Node(graph: self, id: $0) }
      let results = try op.gradient(Rule(x: x, y: Node(graph: self, id: id), dy: dy))
      for (input, result) in zip(x, results) {
        guard let result, relevant.contains(input.id) else { continue }
        let gradient = try result.summed(to: input.shape)
        found[input.id] = try found[input.id].map { try $0 + gradient } ?? gradient
      }
    }
    return try targets.map {
      try found[$0.id] ?? constant(0.0).broadcast(to: $0.shape)
    }
  }

  /// The nodes along `path` whose value changes with any of `sources`.
  private func dependents(of sources: Set<Int>, along path: [Int]) -> Set<Int> {
    var result = sources
    for id in path {
      if case .op(_, let inputs) = entries[id].source, inputs.contains(where: result.contains) {
        result.insert(id)
      }
    }
    return result
  }
}
