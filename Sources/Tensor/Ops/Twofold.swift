/// What a pixel of the coarse grid takes of the four fine pixels around it (-1, 0, 1, 2 from its
/// first child) along each axis: sampling by two, with the same taps along every axis.
struct TwofoldTaps: Hashable, Sendable {
  let weights: [Double]
  /// Whether doubling reads the edge itself beyond the edge; else there is nothing.
  let clamped: Bool

  /// The binomial blur [1 2 1] / 4, around the first child.
  static let binomial = TwofoldTaps(weights: [0.25, 0.5, 0.25, 0], clamped: false)
  /// Linear interpolation between centres, edges held.
  static let linear = TwofoldTaps(weights: [0.25, 0.75, 0.75, 0.25], clamped: true)

  /// A pixel and the weight it is read with.
  typealias Tap = (index: Int, weight: Double)

  /// What each of `coarse` pixels takes of `fine` ones along an axis.
  func contracting(fine: Int, coarse: Int) -> [[Tap]] {
    expanding(fine: fine, coarse: coarse).enumerated().reduce(
      into: Array(repeating: [], count: coarse)
    ) { lists, line in
      for tap in line.element { lists[tap.index].append((line.offset, tap.weight)) }
    }
  }

  /// What each of `fine` pixels takes of `coarse` ones along an axis.
  func expanding(fine: Int, coarse: Int) -> [[Tap]] {
    (0..<fine).map { place in
      let (near, child) = place.quotientAndRemainder(dividingBy: 2)
      let far = child == 0 ? near - 1 : near + 1
      let share = weights[child == 0 ? 3 : 0]
      if (0..<coarse).contains(far) {
        return [(near, weights[child + 1]), (far, share)].filter { $0.1 != 0 }
      }
      return [(near, weights[child + 1] + (clamped ? share : 0))]
    }
  }
}

/// Half the size along every space axis (rounded up), by taps.
struct Contract: GenericOp {
  static let name = "contract"
  let taps: TwofoldTaps
  var label: String { taps == .binomial ? "blur pool" : "linear upsampling gradient" }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Twofold.check(inputs[0])
    return Array(inputs[0].prefix(2)) + inputs[0].dropFirst(2).map { ($0 + 1) / 2 }
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    Twofold.gather(call) { taps.contracting(fine: $0, coarse: $1) }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let space = Array(rule.x[0].shape.dropFirst(2))
    return [try rule.dy.graph.apply(Expand(taps: taps, space: space), [rule.dy])]
  }
}

/// About twice the size along every space axis, by taps: the transpose of `Contract`.
struct Expand: GenericOp {
  static let name = "expand"
  let taps: TwofoldTaps
  /// Sizes of the result.
  let space: [Int]
  var label: String { taps == .linear ? "upsample linear" : "blur pool gradient" }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Twofold.check(inputs[0])
    guard space.map({ ($0 + 1) / 2 }) == Array(inputs[0].dropFirst(2)) else {
      throw TensorError("\(inputs[0].asShape) doubled is not \(space.asShape)")
    }
    return Array(inputs[0].prefix(2)) + space
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    Twofold.gather(call) { taps.expanding(fine: $1, coarse: $0) }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.graph.apply(Contract(taps: taps), [rule.dy])]
  }
}

private enum Twofold {
  static func check(_ shape: [Int]) throws {
    guard (3...5).contains(shape.count) else {
      throw TensorError(
        "data of shape \(shape.asShape) has no samples, channels and 1 to 3 axes of space")
    }
  }

  /// Each number of the result as a weighted sum of those that `taps` names along each axis, for
  /// sizes of input and result.
  static func gather<T: Scalar>(
    _ call: Call<T>, _ taps: (_ input: Int, _ result: Int) -> [[TwofoldTaps.Tap]]
  ) {
    let missing = Array(repeating: 1, count: 5 - call.y.shape.count)
    let input = missing + call.x[0].shape.dropFirst(2)
    let result = missing + call.y.shape.dropFirst(2)
    let along = (0..<3).map { axis in
      axis < missing.count ? [[(0, 1.0)]] : taps(input[axis], result[axis])
    }
    Parallel.forEach(call.y.shape[0] * call.y.shape[1]) { plane in
      let x = call.x[0].base + plane * input.product
      var y = call.y.base + plane * result.product
      for inZ in along[0] {
        for inY in along[1] {
          let lines = inZ.flatMap { z in
            inY.map { (x + (z.index * input[1] + $0.index) * input[2], T(z.weight * $0.weight)) }
          }
          for inX in along[2] {
            var total: T = 0
            for (line, weight) in lines {
              for tap in inX { total += line[tap.index] * (weight * T(tap.weight)) }
            }
            y.pointee = total
            y += 1
          }
        }
      }
    }
  }
}

extension Node {
  /// The greatest of neighbours, then a binomial blur ([1 2 1] / 4 along each axis) at every second
  /// element: max-blur pooling (Zhang 2019).
  public func maxBlurPooled() throws -> Node {
    let sharp = try graph.apply(NeighbourMax(), [self])
    return try graph.apply(Contract(taps: .binomial), [sharp])
  }

  /// Twice as large along every space axis by linear interpolation between element centres
  /// (edges held), as PyTorch's `align_corners=False`.
  public func upsampledLinear() throws -> Node {
    let space = shape.dropFirst(2).map { $0 * 2 }
    return try graph.apply(Expand(taps: .linear, space: space), [self])
  }
}
