/// The binary operators, weakest first: the one place that knows how tightly they bind.
enum Precedence: Int, Comparable {
  case or = 1
  case and, not, comparison, range, sum, product, minus, power

  static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

  enum Operation: Equatable {
    case binary(BinaryFunction)
    case and, or, within, range
  }

  static func operation(of kind: Token.Kind) -> (Operation, Precedence)? {
    switch kind {
    case .keyword(.or): (.or, .or)
    case .keyword(.and): (.and, .and)
    case .keyword(.in): (.within, .comparison)
    case .sign(.equalEqual): (.binary(.equal), .comparison)
    case .sign(.notEqual): (.binary(.notEqual), .comparison)
    case .sign(.less): (.binary(.less), .comparison)
    case .sign(.lessEqual): (.binary(.lessOrEqual), .comparison)
    case .sign(.greater): (.binary(.greater), .comparison)
    case .sign(.greaterEqual): (.binary(.greaterOrEqual), .comparison)
    case .sign(.dotDot): (.range, .range)
    case .sign(.plus): (.binary(.add), .sum)
    case .sign(.minus): (.binary(.subtract), .sum)
    case .sign(.star): (.binary(.multiply), .product)
    case .sign(.slash): (.binary(.divide), .product)
    case .keyword(.mod): (.binary(.modulo), .product)
    case .sign(.caret): (.binary(.power), .power)
    default: nil
    }
  }
}
