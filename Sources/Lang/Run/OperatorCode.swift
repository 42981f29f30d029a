/// `a + b` and its like; numbers take the short way.
final class BinaryCode: Code {
  let function: BinaryFunction
  let left: Code
  let right: Code
  let place: Place
  init(_ function: BinaryFunction, _ left: Code, _ right: Code, _ place: Place) {
    self.function = function
    self.left = left
    self.right = right
    self.place = place
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if case .number(let x) = a, case .number(let y) = b {
      switch function {
      case .add: return .number(x + y)
      case .subtract: return .number(x - y)
      case .multiply: return .number(x * y)
      case .divide: return .number(x / y)
      case .less: return .bool(x < y)
      case .lessOrEqual: return .bool(x <= y)
      case .greater: return .bool(x > y)
      case .greaterOrEqual: return .bool(x >= y)
      case .equal: return .bool(x == y)
      case .notEqual: return .bool(x != y)
      default: return Operators.numbers(function, x, y)
      }
    }
    do {
      return try Operators.binary(function, a, b)
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `-x`, `not x`
final class UnaryCode: Code {
  let function: UnaryFunction
  let operand: Code
  let place: Place
  init(_ function: UnaryFunction, _ operand: Code, _ place: Place) {
    self.function = function
    self.operand = operand
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try operand.evaluate(frame)
    do {
      return try Operators.unary(function, value)
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `a and b`, `a or b`: the right side runs only where it matters; images go element by element.
final class LogicalCode: Code {
  let isAnd: Bool
  let left: Code
  let right: Code
  let place: Place
  init(isAnd: Bool, _ left: Code, _ right: Code, _ place: Place) {
    self.isAnd = isAnd
    self.left = left
    self.right = right
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try left.evaluate(frame)
    do {
      if a.isImageLike { return try both(a, try right.evaluate(frame)) }
      let holds = try Operators.truth(a)
      if holds != isAnd { return .bool(holds) }
      let b = try right.evaluate(frame)
      return b.isImageLike ? try both(a, b) : .bool(try Operators.truth(b))
    } catch { throw Failure.located(error, at: place) }
  }
  private func both(_ a: Value, _ b: Value) throws -> Value {
    try Operators.binary(isAnd ? .and : .or, a, b)
  }
}

/// `x in list`, `x not in list`
final class WithinCode: Code {
  let item: Code
  let container: Code
  let negated: Bool
  let place: Place
  init(_ item: Code, _ container: Code, negated: Bool, _ place: Place) {
    self.item = item
    self.container = container
    self.negated = negated
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try item.evaluate(frame)
    let whole = try container.evaluate(frame)
    do {
      return .bool(try Operators.contains(whole, value) != negated)
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `r.field`
final class FieldCode: Code {
  let base: Code
  let name: String
  let place: Place
  init(_ base: Code, _ name: String, _ place: Place) {
    self.base = base
    self.name = name
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try base.evaluate(frame)
    do {
      return try Fields.value(of: value, name)
    } catch { throw Failure.located(error, at: place) }
  }
}

/// `x[…]`
final class IndexCode: Code {
  let base: Code
  let index: IndexListCode
  let place: Place
  init(_ base: Code, _ index: IndexListCode, _ place: Place) {
    self.base = base
    self.index = index
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try base.evaluate(frame)
    if let single = index.single {
      let position = try single.evaluate(frame)
      if case .list(let items) = value, case .number(let number) = position,
        let at = Int(exactly: number), items.indices.contains(at)
      {
        return items[at]
      }
      return try located { try Indexing.value(of: value, [Index(axis: nil, kind: .at(position))]) }
    }
    let indices = try index.evaluate(frame)
    return try located { try Indexing.value(of: value, indices) }
  }
  private func located(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw Failure.located(error, at: place) }
  }
}

/// What stands between the brackets of an index.
final class IndexListCode {
  struct Item {
    let axis: String?
    let kind: Kind
    enum Kind {
      case at(Code)
      case slice(Code?, Code?, Code?)
    }
  }
  let items: [Item]
  /// The index, where there is only one, without axis or colon.
  let single: Code?

  init(_ items: [Item]) {
    self.items = items
    if items.count == 1, items[0].axis == nil, case .at(let code) = items[0].kind {
      single = code
    } else {
      single = nil
    }
  }

  func evaluate(_ frame: Frame) throws -> [Index] {
    try items.map { item in
      switch item.kind {
      case .at(let code): Index(axis: item.axis, kind: .at(try code.evaluate(frame)))
      case .slice(let start, let end, let step):
        Index(
          axis: item.axis,
          kind: .slice(
            start: try start?.evaluate(frame), end: try end?.evaluate(frame),
            step: try step?.evaluate(frame)))
      }
    }
  }
}
