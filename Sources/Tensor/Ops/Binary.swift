struct Add: BinaryOp {
  static let name = "+"
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a + b }
  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy, rule.dy] }
}

struct Subtract: BinaryOp {
  static let name = "-"
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a - b }
  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy, try -rule.dy] }
}

struct Multiply: BinaryOp {
  static let name = "*"
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a * b }
  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy * rule.x[1], try rule.dy * rule.x[0]]
  }
}

struct Divide: BinaryOp {
  static let name = "/"
  static let domains = [-2.0...2.0, 0.5...2.0]
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a / b }
  func gradient(_ rule: Rule) throws -> [Node?] {
    let da = try rule.dy / rule.x[1]
    return [da, try -(da * rule.y)]
  }
}

/// a to the power b. The exponent's gradient is zero where a is not positive.
struct Power: BinaryOp {
  static let name = "^"
  static let domains = [0.2...2.0, -2.0...2.0]
  func value<T: Scalar>(_ a: T, _ b: T) -> T { T.pow(a, b) }
  func gradient(_ rule: Rule) throws -> [Node?] {
    let (a, b) = (rule.x[0], rule.x[1])
    if b.constantNumber == 0 { return [nil, nil] }  // 0 times a to the -1 is not a number at 0
    let da = try rule.dy * b * a.power(b - 1)
    if b.constantNumber != nil { return [da, nil] }
    let positive = try a.compare(.greater, a.graph.constant(0))
    let logarithm = try positive.select(a.maximum(1e-30).log(), a.graph.constant(0))
    return [da, try rule.dy * rule.y * logarithm]
  }
}

/// The remainder with the sign of the right side.
struct Modulo: BinaryOp {
  static let name = "mod"
  static let domains = [0.1...0.9, 1.0...2.0]
  func value<T: Scalar>(_ a: T, _ b: T) -> T {
    let rest = a.truncatingRemainder(dividingBy: b)
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }
  func gradient(_ rule: Rule) throws -> [Node?] {
    [rule.dy, try -(rule.dy * (rule.x[0] / rule.x[1]).floor())]
  }
}

/// The greater; a tie counts for the left side. NaN wins, as in NumPy.
struct Maximum: BinaryOp {
  static let name = "max"
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a >= b || a.isNaN ? a : b }
  func gradient(_ rule: Rule) throws -> [Node?] {
    let left = try rule.x[0].compare(.greaterEqual, rule.x[1])
    return [try rule.dy * left, try rule.dy * (1 - left)]
  }
}

/// The smaller; a tie counts for the left side. NaN wins, as in NumPy.
struct Minimum: BinaryOp {
  static let name = "min"
  func value<T: Scalar>(_ a: T, _ b: T) -> T { a <= b || a.isNaN ? a : b }
  func gradient(_ rule: Rule) throws -> [Node?] {
    let left = try rule.x[0].compare(.lessEqual, rule.x[1])
    return [try rule.dy * left, try rule.dy * (1 - left)]
  }
}

/// Which of two numbers is greater, as 1 or 0.
public enum Comparison: String, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
}

struct Compare: GenericOp {
  static let name = "compare"
  let comparison: Comparison

  func shape(_ inputs: [[Int]]) throws -> [Int] { try Broadcasting.shape(inputs[0], inputs[1]) }

  func compute<T: Scalar>(_ call: Call<T>) {
    let rows = Broadcasting.rows(output: call.y.shape, inputs: call.x.map(\.shape))
    let (da, db) = (rows.inner[0], rows.inner[1])
    rows.walk { offset, length, start in
      let a = call.x[0].base + start[0]
      let b = call.x[1].base + start[1]
      let y = call.y.base + offset
      switch comparison {
      case .equal: for i in 0..<length { y[i] = a[i * da] == b[i * db] ? 1 : 0 }
      case .notEqual: for i in 0..<length { y[i] = a[i * da] != b[i * db] ? 1 : 0 }
      case .less: for i in 0..<length { y[i] = a[i * da] < b[i * db] ? 1 : 0 }
      case .lessEqual: for i in 0..<length { y[i] = a[i * da] <= b[i * db] ? 1 : 0 }
      case .greater: for i in 0..<length { y[i] = a[i * da] > b[i * db] ? 1 : 0 }
      case .greaterEqual: for i in 0..<length { y[i] = a[i * da] >= b[i * db] ? 1 : 0 }
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [nil, nil] }
}

/// Where the condition is not zero the second input, elsewhere the third.
struct Select: GenericOp {
  static let name = "where"

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Broadcasting.shape(inputs[0], Broadcasting.shape(inputs[1], inputs[2]))
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let rows = Broadcasting.rows(output: call.y.shape, inputs: call.x.map(\.shape))
    let (dc, da, db) = (rows.inner[0], rows.inner[1], rows.inner[2])
    rows.walk { offset, length, start in
      let condition = call.x[0].base + start[0]
      let a = call.x[1].base + start[1]
      let b = call.x[2].base + start[2]
      let y = call.y.base + offset
      for i in 0..<length { y[i] = condition[i * dc] != 0 ? a[i * da] : b[i * db] }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let zero = rule.y.graph.constant(0)
    return [
      nil, try rule.x[0].select(rule.dy, zero), try rule.x[0].select(zero, rule.dy),
    ]
  }
}
