import Glibc
import TensorEngine

/// What the operators mean for each kind of value.
enum Operators {
  static func binary(_ function: BinaryFunction, _ a: Value, _ b: Value) throws -> Value {
    if let x = a.asNumber, let y = b.asNumber { return numbers(function, x, y) }
    if a.isImageLike || b.isImageLike {
      if let result = try ImageOperands.binary(function, a, b) { return result }
    }
    if case .host(let object) = a,
      let result = try object.combined(function, with: b, isLeft: true)
    {
      return result
    }
    if case .host(let object) = b,
      let result = try object.combined(function, with: a, isLeft: false)
    {
      return result
    }
    switch (function, a, b) {
    case (.equal, _, _): return .bool(Equality.areEqual(a, b))
    case (.notEqual, _, _): return .bool(!Equality.areEqual(a, b))
    case (.add, .string(let x), .string(let y)): return .string(x + y)
    case (.add, .list, _), (.add, _, .list), (.add, .range, .range):
      if let x = a.asList, let y = b.asList { return .list(x + y) }
    case (.less, .string(let x), .string(let y)): return .bool(x < y)
    case (.lessOrEqual, .string(let x), .string(let y)): return .bool(x <= y)
    case (.greater, .string(let x), .string(let y)): return .bool(x > y)
    case (.greaterOrEqual, .string(let x), .string(let y)): return .bool(x >= y)
    default: break
    }
    throw mismatch(function, a, b)
  }

  /// Two numbers. Comparisons give `true` or `false`.
  static func numbers(_ function: BinaryFunction, _ x: Double, _ y: Double) -> Value {
    switch function {
    case .add: .number(x + y)
    case .subtract: .number(x - y)
    case .multiply: .number(x * y)
    case .divide: .number(x / y)
    case .modulo: .number(modulo(x, y))
    case .power: .number(pow(x, y))
    case .less: .bool(x < y)
    case .lessOrEqual: .bool(x <= y)
    case .greater: .bool(x > y)
    case .greaterOrEqual: .bool(x >= y)
    case .equal: .bool(x == y)
    case .notEqual: .bool(x != y)
    case .and: .bool(x != 0 && y != 0)
    case .or: .bool(x != 0 || y != 0)
    case .minimum: .number(x.isNaN || y.isNaN ? .nan : min(x, y))
    case .maximum: .number(x.isNaN || y.isNaN ? .nan : max(x, y))
    }
  }

  /// The remainder with the sign of the right side.
  private static func modulo(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }

  static func unary(_ function: UnaryFunction, _ value: Value) throws -> Value {
    if let number = value.asNumber {
      return function == .not ? .bool(number == 0) : .number(Operators.number(function, number))
    }
    if let image = try ImageOperands.unary(function, value) { return image }
    if function == .not { return .bool(!(try truth(value))) }
    if function == .negate, case .host(let object) = value,
      let result = try object.combined(.multiply, with: .number(-1), isLeft: true)
    {
      return result
    }
    let name = function == .negate ? "-" : function.rawValue
    throw LangError(
      "`\(name)` does not work on \(value.kindWithArticle)",
      hint: value.asList == nil
        ? nil : "apply it to each element: map(\(name == "-" ? "fn(v) = -v" : name), …)")
  }

  static func number(_ function: UnaryFunction, _ x: Double) -> Double {
    switch function {
    case .negate: -x
    case .not: x == 0 ? 1 : 0
    case .abs: abs(x)
    case .sqrt: x.squareRoot()
    case .exp: exp(x)
    case .log: log(x)
    case .log10: log10(x)
    case .sin: sin(x)
    case .cos: cos(x)
    case .tan: tan(x)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    }
  }

  /// Whether a value counts as true: not `false`, 0, `none` or empty.
  ///
  /// - Throws: `LangError` for images, which have no single truth.
  static func truth(_ value: Value) throws -> Bool {
    switch value {
    case .none: return false
    case .bool(let flag): return flag
    case .number(let number): return number != 0
    case .string(let text): return !text.isEmpty
    case .list(let items): return !items.isEmpty
    case .record(let record): return !record.isEmpty
    case .range(let range): return range.count > 0
    case .image(let image):
      throw LangError(
        "an image of \(image.shape.asShape) is neither true nor false",
        hint: "ask for all of it with min(x > 0), for any of it with max(x > 0)")
    case .traced:
      throw LangError(
        "an image that is being traced has no numbers yet, so nothing can be decided by it",
        hint: "write where(condition, a, b)")
    case .function, .table, .host: return true
    }
  }

  /// The condition of `if` and `while`.
  @inline(__always)
  static func condition(_ code: Code, _ frame: Frame, _ place: Place) throws -> Bool {
    let value = try code.evaluate(frame)
    if case .bool(let flag) = value { return flag }
    do {
      return try truth(value)
    } catch { throw Failure.located(error, at: place) }
  }

  /// `item in container`
  static func contains(_ container: Value, _ item: Value) throws -> Bool {
    switch container {
    case .list(let items): return items.contains { Equality.areEqual($0, item) }
    case .range(let range): return item.asNumber.map(range.contains) ?? false
    case .record(let record): return item.asString.map { record[$0] != nil } ?? false
    case .table(let table): return item.asString.map { table.column($0) != nil } ?? false
    case .string(let text):
      guard let part = item.asString else {
        throw LangError("in a string there can only be a string, not \(Show.brief(item))")
      }
      return TextSearch.contains(text, part)
    default:
      throw LangError(
        "`in` looks into lists, ranges, records and strings, not \(container.kindWithArticle)")
    }
  }

  private static func mismatch(_ function: BinaryFunction, _ a: Value, _ b: Value) -> LangError {
    let sign = function.rawValue
    var hint: String?
    if function == .add, a.asString != nil || b.asString != nil {
      hint = "to join, make a string of it: str(x), or write \"… {x} …\""
    } else if a.asList != nil || b.asList != nil {
      hint = "for each element: map(fn(v) = v \(sign) 2, list)"
    } else if case .function = a {
      hint =
        function == .subtract
        ? "`-` never begins the first argument: write (-1)"
        : "is the call missing its parentheses?"
    }
    return LangError(
      "`\(sign)` does not work on \(a.kindWithArticle) and \(b.kindWithArticle)", hint: hint)
  }
}
