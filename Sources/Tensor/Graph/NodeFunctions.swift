// What can be said of nodes: arithmetic, functions, shaping. Each is one op or a short formula of
// ops, and throws `TensorError` where shapes do not fit.

extension Node {
  public static func + (a: Node, b: Node) throws -> Node {
    if b.constantNumber == 0 && b.isStretched(by: a) { return a }
    if a.constantNumber == 0 && a.isStretched(by: b) { return b }
    return try a.graph.apply(Add(), [a, b])
  }
  public static func - (a: Node, b: Node) throws -> Node {
    try a.graph.apply(Subtract(), [a, b])
  }
  public static func * (a: Node, b: Node) throws -> Node {
    if b.constantNumber == 1 && b.isStretched(by: a) { return a }
    if a.constantNumber == 1 && a.isStretched(by: b) { return b }
    return try a.graph.apply(Multiply(), [a, b])
  }
  public static func / (a: Node, b: Node) throws -> Node { try a.graph.apply(Divide(), [a, b]) }
  public static prefix func - (a: Node) throws -> Node { try a.graph.apply(Negate(), [a]) }

  public static func + (a: Node, b: Double) throws -> Node { try a + a.graph.constant(b) }
  public static func - (a: Node, b: Double) throws -> Node { try a - a.graph.constant(b) }
  public static func * (a: Node, b: Double) throws -> Node { try a * a.graph.constant(b) }
  public static func / (a: Node, b: Double) throws -> Node { try a / a.graph.constant(b) }
  public static func + (a: Double, b: Node) throws -> Node { try b.graph.constant(a) + b }
  public static func - (a: Double, b: Node) throws -> Node { try b.graph.constant(a) - b }
  public static func * (a: Double, b: Node) throws -> Node { try b.graph.constant(a) * b }
  public static func / (a: Double, b: Node) throws -> Node { try b.graph.constant(a) / b }

  /// A scalar never changes the other side's shape.
  private func isStretched(by other: Node) -> Bool { shape.isEmpty && other.graph === graph }

  private func unary(_ op: some Op) throws -> Node { try graph.apply(op, [self]) }

  public func abs() throws -> Node { try unary(Absolute()) }
  public func sqrt() throws -> Node { try unary(SquareRoot()) }
  public func square() throws -> Node { try unary(Square()) }
  public func exp() throws -> Node { try unary(Exponential()) }
  public func log() throws -> Node { try unary(Logarithm()) }
  public func sin() throws -> Node { try unary(Sine()) }
  public func cos() throws -> Node { try unary(Cosine()) }
  public func tan() throws -> Node { try unary(Tangent()) }
  public func tanh() throws -> Node { try unary(HyperbolicTangent()) }
  public func sigmoid() throws -> Node { try unary(Sigmoid()) }
  public func relu() throws -> Node { try unary(LeakyReLU(slope: 0)) }
  public func leakyReLU(_ slope: Double) throws -> Node { try unary(LeakyReLU(slope: slope)) }
  public func floor() throws -> Node { try unary(Floor()) }
  public func ceiling() throws -> Node { try unary(Ceiling()) }
  public func round() throws -> Node { try unary(Round()) }
  public func sign() throws -> Node { try unary(Sign()) }
  public func not() throws -> Node { try unary(Not()) }

  public func power(_ exponent: Node) throws -> Node { try graph.apply(Power(), [self, exponent]) }
  public func power(_ exponent: Double) throws -> Node { try power(graph.constant(exponent)) }
  public func modulo(_ other: Node) throws -> Node { try graph.apply(Modulo(), [self, other]) }
  public func maximum(_ other: Node) throws -> Node { try graph.apply(Maximum(), [self, other]) }
  public func maximum(_ bound: Double) throws -> Node { try maximum(graph.constant(bound)) }
  public func minimum(_ other: Node) throws -> Node { try graph.apply(Minimum(), [self, other]) }
  public func minimum(_ bound: Double) throws -> Node { try minimum(graph.constant(bound)) }

  /// 1 where the comparison holds, 0 elsewhere.
  public func compare(_ comparison: Comparison, _ other: Node) throws -> Node {
    try graph.apply(Compare(comparison: comparison), [self, other])
  }

  /// With this as the condition: `a` where it is not zero, `b` elsewhere.
  public func select(_ a: Node, _ b: Node) throws -> Node {
    try graph.apply(Select(), [self, a, b])
  }

  /// The sum over `axes` (all where nil).
  public func sum(axes: [Int]? = nil, keep: Bool = false) throws -> Node {
    try reduced(axes, keep: keep) { Sum(axes: $0) }
  }

  /// The mean over `axes` (all where nil).
  public func mean(axes: [Int]? = nil, keep: Bool = false) throws -> Node {
    let axes = axes ?? Array(shape.indices)
    let total = try sum(axes: axes, keep: keep)
    return try total / Double(Swift.max(1, axes.map { shape[$0] }.product))
  }

  /// The greatest over `axes` (all where nil).
  public func greatest(axes: [Int]? = nil, keep: Bool = false) throws -> Node {
    try reduced(axes, keep: keep) { Greatest(axes: $0) }
  }

  /// The smallest over `axes` (all where nil).
  public func smallest(axes: [Int]? = nil, keep: Bool = false) throws -> Node {
    try -((-self).greatest(axes: axes, keep: keep))
  }

  private func reduced(_ axes: [Int]?, keep: Bool, _ op: ([Int]) -> some Op) throws -> Node {
    let axes = Set(axes ?? Array(shape.indices)).sorted()
    let result = try graph.apply(op(axes), [self])
    if keep { return result }
    return try result.reshape(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  public func broadcast(to target: [Int]) throws -> Node {
    shape == target ? self : try unary(Broadcast(target: target))
  }

  /// Summed over the axes along which `target` was stretched to this shape.
  func summed(to target: [Int]) throws -> Node {
    if shape == target { return self }
    let missing = rank - target.count
    if missing < 0 || (try? Broadcasting.shape(target, shape)) != shape {
      return try broadcast(to: Broadcasting.shape(target, shape)).summed(to: target)
    }
    let axes = shape.indices.filter {
      $0 < missing || (target[$0 - missing] == 1 && shape[$0] != 1)
    }
    return try (axes.isEmpty ? self : sum(axes: axes, keep: true)).reshape(target)
  }

  public func reshape(_ target: [Int]) throws -> Node {
    shape == target ? self : try unary(Reshape(target: target))
  }

  public func permute(_ order: [Int]) throws -> Node {
    order == Array(shape.indices) ? self : try unary(Permute(order: order))
  }

  /// The elements of a range along one axis.
  public func slice(axis: Int, _ range: Range<Int>) throws -> Node {
    guard shape.indices.contains(axis) else {
      throw TensorError("axis \(axis) is outside a tensor of \(rank) axes")
    }
    if range == 0..<shape[axis] { return self }
    var starts = shape.map { _ in 0 }
    var target = shape
    starts[axis] = range.lowerBound
    target[axis] = range.count
    return try slice(starts: starts, steps: shape.map { _ in 1 }, target: target)
  }

  public func slice(starts: [Int], steps: [Int], target: [Int]) throws -> Node {
    try unary(Slice(starts: starts, steps: steps, target: target))
  }

  /// With zeros around: `before[i]` in front of axis i and `after[i]` behind it.
  public func padded(before: [Int], after: [Int]) throws -> Node {
    if before.allSatisfy({ $0 == 0 }) && after.allSatisfy({ $0 == 0 }) { return self }
    let target = shape.indices.map { shape[$0] + before[$0] + after[$0] }
    let region = Slice(starts: before, steps: shape.map { _ in 1 }, target: shape)
    return try unary(Scatter(region: region, target: target))
  }

  /// In reverse order along `axes`.
  public func flipped(axes: [Int]) throws -> Node {
    if axes.isEmpty { return self }
    return try slice(
      starts: shape.indices.map { axes.contains($0) ? Swift.max(0, shape[$0] - 1) : 0 },
      steps: shape.indices.map { axes.contains($0) ? -1 : 1 }, target: shape)
  }

  public func product(
    _ other: Node, transposeA: Bool = false, transposeB: Bool = false
  ) throws -> Node {
    try graph.apply(
      MatrixProduct(transposeA: transposeA, transposeB: transposeB), [self, other])
  }

  /// Nodes one after another along an axis.
  public static func concatenate(_ parts: [Node], axis: Int) throws -> Node {
    guard let first = parts.first else { throw TensorError("nothing to join") }
    return parts.count == 1 ? first : try first.graph.apply(Concatenate(axis: axis), parts)
  }
}
