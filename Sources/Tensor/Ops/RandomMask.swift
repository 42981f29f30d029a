/// 1 / (1 - p) with probability 1 - p, else 0, drawn anew at every run: dropout's factor.
struct RandomMask: GenericOp {
  static let name = "random mask"
  let target: [Int]
  let probability: Double
  /// Tells this mask from others of the same graph.
  let number: Int

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard (0..<1).contains(probability) else {
      throw TensorError("a dropout probability of \(probability)", hint: "take 0 up to 1, not 1")
    }
    return target
  }

  /// Elements that one stream fills: fixed, so that the mask does not depend on threads.
  private static let block = 1 << 14

  func compute<T: Scalar>(_ call: Call<T>) {
    let y = call.y.base
    let keep = T(1 / (1 - probability))
    let threshold = UInt32(probability * 0x1p32)
    Parallel.forRanges(call.y.count, grain: Self.block) { range in
      var stream = RandomStream(
        seed: call.moment.seed, purpose: .dropout, epoch: call.moment.epoch,
        step: call.moment.step, sample: number << 32 | range.lowerBound / Self.block)
      for i in range { y[i] = stream.next() < threshold ? 0 : keep }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [] }
}

extension Graph {
  /// A dropout factor of the given shape, drawn anew at every run; see `RandomMask`.
  public func randomMask(shape: [Int], probability: Double, number: Int) throws -> Node {
    try apply(RandomMask(target: shape, probability: probability, number: number), [])
  }
}
