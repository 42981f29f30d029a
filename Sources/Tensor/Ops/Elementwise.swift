/// An op that turns each number into another.
public protocol UnaryOp: GenericOp {
  init()
  func value<T: Scalar>(_ x: T) -> T
  /// Where the gradient is defined and checked.
  static var domain: ClosedRange<Double> { get }
}

extension UnaryOp {
  public static var domain: ClosedRange<Double> { -2...2 }
  public var overwritten: Int? { 0 }

  public func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  public func compute<T: Scalar>(_ call: Call<T>) {
    let x = call.x[0].base
    let y = call.y.base
    Parallel.forRanges(call.y.count, grain: Grain.elementwise) { range in
      for i in range { y[i] = value(x[i]) }
    }
  }
}

/// An op that joins two tensors number by number, with NumPy's broadcasting.
public protocol BinaryOp: GenericOp {
  init()
  func value<T: Scalar>(_ a: T, _ b: T) -> T
  /// Where the gradient is defined and checked, for each side.
  static var domains: [ClosedRange<Double>] { get }
}

extension BinaryOp {
  public static var domains: [ClosedRange<Double>] { [-2...2, -2...2] }
  public var overwritten: Int? { 0 }

  public func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Broadcasting.shape(inputs[0], inputs[1])
  }

  public func compute<T: Scalar>(_ call: Call<T>) {
    let a = call.x[0].base
    let b = call.x[1].base
    let y = call.y.base
    let rows = Broadcasting.rows(output: call.y.shape, inputs: call.x.map(\.shape))
    rows.walk { offset, length, start in
      let a = a + start[0]
      let b = b + start[1]
      let y = y + offset
      switch (rows.inner[0], rows.inner[1]) {
      case (1, 1): for i in 0..<length { y[i] = value(a[i], b[i]) }
      case (1, 0):
        let other = b[0]
        for i in 0..<length { y[i] = value(a[i], other) }
      case (0, 1):
        let other = a[0]
        for i in 0..<length { y[i] = value(other, b[i]) }
      default:
        let result = value(a[0], b[0])
        for i in 0..<length { y[i] = result }
      }
    }
  }
}

enum Grain {
  /// Elements a thread takes at a time; fixed, so that partitions do not depend on threads.
  static let elementwise = 1 << 15
}
