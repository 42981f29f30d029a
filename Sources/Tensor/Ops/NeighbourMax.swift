/// The greatest of each element and those one on along every space axis, zeros beyond the edge: max
/// pooling of boxes of 2 that overlap. Ties count for the first.
struct NeighbourMax: Op {
  static let name = "neighbour max"

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].count >= 3 else {
      throw TensorError("data of shape \(inputs[0].asShape) has no axis of space")
    }
    return inputs[0]
  }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  /// By the simple ops, on plain numbers.
  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    let shape = call.y.shape
    PlainTensor(call.x[0]).apply(NeighbourMax.padding(shape), [])
      .apply(MaxPool(windows: NeighbourMax.windows(shape)), []).write(to: call.y)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.y.graph.apply(NeighbourMaxGradient(), [rule.x[0], rule.dy])]
  }

  fileprivate static func windows(_ shape: [Int]) -> Windows {
    Windows(
      size: Array(repeating: 2, count: shape.count - 2),
      stride: Array(repeating: 1, count: shape.count - 2))
  }

  fileprivate static func whole(_ shape: [Int]) -> Slice {
    Slice(starts: shape.map { _ in 0 }, steps: shape.map { _ in 1 }, target: shape)
  }

  /// A zero behind the end of every space axis.
  fileprivate static func padding(_ shape: [Int]) -> Scatter {
    Scatter(region: whole(shape), target: shape.prefix(2) + shape.dropFirst(2).map { $0 + 1 })
  }
}

/// dy sent to where the greatest of each element's neighbours was, given x and dy.
struct NeighbourMaxGradient: Op {
  static let name = "neighbour max gradient"

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func run(_ call: Call<Float>) { runPlainly(call) }
  func run(_ call: Call<Double>) { runPlainly(call) }

  private func runPlainly<T: KernelScalar>(_ call: Call<T>) {
    let shape = call.y.shape
    let windows = NeighbourMax.windows(shape)
    PlainTensor(call.x[0]).apply(NeighbourMax.padding(shape), [])
      .apply(MaxPoolGradient(windows: windows), [PlainTensor(call.x[1])])
      .apply(NeighbourMax.whole(shape), []).write(to: call.y)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("the greatest of neighbours has no second derivative")
  }
}
