struct Negate: UnaryOp {
  static let name = "negate"
  func value<T: Scalar>(_ x: T) -> T { -x }
  func gradient(_ rule: Rule) throws -> [Node?] { [try -rule.dy] }
}

struct Absolute: UnaryOp {
  static let name = "abs"
  func value<T: Scalar>(_ x: T) -> T { abs(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * rule.x[0].sign()] }
}

struct SquareRoot: UnaryOp {
  static let name = "sqrt"
  static let domain = 0.1...2.0
  func value<T: Scalar>(_ x: T) -> T { x.squareRoot() }
  /// At zero the gradient is taken as that of the smallest normal number, so that norms of a zero
  /// residual stay finite.
  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy * 0.5 / rule.y.maximum(1e-12)]
  }
}

struct Square: UnaryOp {
  static let name = "square"
  func value<T: Scalar>(_ x: T) -> T { x * x }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * rule.x[0] * 2] }
}

struct Exponential: UnaryOp {
  static let name = "exp"
  func value<T: Scalar>(_ x: T) -> T { T.exp(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * rule.y] }
}

struct Logarithm: UnaryOp {
  static let name = "log"
  static let domain = 0.1...2.0
  func value<T: Scalar>(_ x: T) -> T { T.log(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy / rule.x[0]] }
}

struct Sine: UnaryOp {
  static let name = "sin"
  func value<T: Scalar>(_ x: T) -> T { T.sin(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * rule.x[0].cos()] }
}

struct Cosine: UnaryOp {
  static let name = "cos"
  func value<T: Scalar>(_ x: T) -> T { T.cos(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try -(rule.dy * rule.x[0].sin())] }
}

struct Tangent: UnaryOp {
  static let name = "tan"
  static let domain = -1.0...1.0
  func value<T: Scalar>(_ x: T) -> T { T.sin(x) / T.cos(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * (rule.y.square() + 1)] }
}

struct HyperbolicTangent: UnaryOp {
  static let name = "tanh"
  func value<T: Scalar>(_ x: T) -> T { T.tanh(x) }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * (1 - rule.y.square())] }
}

/// 1 / (1 + exp(-x)), without overflow on either side.
struct Sigmoid: UnaryOp {
  static let name = "sigmoid"
  func value<T: Scalar>(_ x: T) -> T {
    let e = T.exp(-abs(x))
    return (x >= 0 ? 1 : e) / (1 + e)
  }
  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy * rule.y * (1 - rule.y)] }
}

/// x where positive, `slope` times x elsewhere; slope 0 is ReLU.
struct LeakyReLU: GenericOp {
  static let name = "relu"
  let slope: Double
  var overwritten: Int? { 0 }

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let x = call.x[0].base
    let y = call.y.base
    let slope = T(slope)
    Parallel.forRanges(call.y.count, grain: Grain.elementwise) { range in
      for i in range { y[i] = x[i] > 0 ? x[i] : slope * x[i] }
    }
  }

  /// From the result alone, whose sign is the input's: the input need not be kept.
  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.y.graph.apply(LeakyReLUGradient(slope: slope), [rule.dy, rule.y])]
  }
}

/// dy where y is positive, `slope` times dy elsewhere.
struct LeakyReLUGradient: GenericOp {
  static let name = "relu gradient"
  let slope: Double
  var overwritten: Int? { 0 }

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let dy = call.x[0].base
    let y = call.x[1].base
    let dx = call.y.base
    let slope = T(slope)
    Parallel.forRanges(call.y.count, grain: Grain.elementwise) { range in
      for i in range { dx[i] = y[i] > 0 ? dy[i] : slope * dy[i] }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.y.graph.apply(self, [rule.dy, rule.x[1]]), nil]
  }
}

struct Floor: UnaryOp {
  static let name = "floor"
  func value<T: Scalar>(_ x: T) -> T { x.rounded(.down) }
  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}

struct Ceiling: UnaryOp {
  static let name = "ceil"
  func value<T: Scalar>(_ x: T) -> T { x.rounded(.up) }
  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}

/// To the nearest whole number, halves to even as NumPy does.
struct Round: UnaryOp {
  static let name = "round"
  func value<T: Scalar>(_ x: T) -> T { x.rounded(.toNearestOrEven) }
  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}

struct Sign: UnaryOp {
  static let name = "sign"
  func value<T: Scalar>(_ x: T) -> T { x > 0 ? 1 : x < 0 ? -1 : x }
  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}

/// 1 where zero, 0 elsewhere.
struct Not: UnaryOp {
  static let name = "not"
  func value<T: Scalar>(_ x: T) -> T { x == 0 ? 1 : 0 }
  func gradient(_ rule: Rule) throws -> [Node?] { [nil] }
}
