/// The sum over axes, each kept with size 1. Summed in double precision in a fixed order.
struct Sum: GenericOp {
  static let name = "sum"
  let axes: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] { try Reduction.shape(inputs[0], axes) }

  func compute<T: Scalar>(_ call: Call<T>) {
    Reduction.run(call, axes: axes, Addition.self)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.broadcast(to: rule.x[0].shape)]
  }

  private enum Addition: Joining {
    static let nothing = 0.0
    static func join(_ a: Double, _ b: Double) -> Double { a + b }
  }
}

/// The greatest over axes, each kept with size 1. The gradient is shared evenly among ties.
struct Greatest: GenericOp {
  static let name = "greatest"
  let axes: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let result = try Reduction.shape(inputs[0], axes)
    guard inputs[0].product > 0 else { throw TensorError("nothing to take the greatest of") }
    return result
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    Reduction.run(call, axes: axes, Larger.self)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let hits = try rule.x[0].compare(.equal, rule.y)
    return [try hits * (rule.dy / hits.sum(axes: axes, keep: true))]
  }

  /// The larger; once not a number, always not a number.
  private enum Larger: Joining {
    static let nothing = -Double.infinity
    static func join(_ a: Double, _ b: Double) -> Double { b > a || b.isNaN ? b : a }
  }
}

/// Stretched to a larger shape by NumPy's rule.
struct Broadcast: GenericOp {
  static let name = "broadcast"
  let target: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard try Broadcasting.shape(inputs[0], target) == target else {
      throw TensorError(
        "a tensor of shape \(inputs[0].asShape) does not stretch to \(target.asShape)")
    }
    return target
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let rows = Broadcasting.rows(output: call.y.shape, inputs: [call.x[0].shape])
    let step = rows.inner[0]
    rows.walk { offset, length, start in
      let x = call.x[0].base + start[0]
      let y = call.y.base + offset
      for i in 0..<length { y[i] = x[i * step] }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy] }
}
