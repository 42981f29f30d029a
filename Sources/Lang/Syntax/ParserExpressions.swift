extension Parser {
  /// A full expression.
  mutating func expression() throws -> Expression {
    try nested { try $0.binary(above: nil) }
  }

  /// Operators that bind more tightly than `weakest`.
  private mutating func binary(above weakest: Precedence?) throws -> Expression {
    var left = try prefix()
    while let (operation, precedence) = operationAhead(), weakest.map({ precedence > $0 }) ?? true {
      let negated = token.keyword == .not
      advance()
      if negated { advance() }
      let right =
        precedence == .power
        // `^` groups from the right, and its right side may have a sign: 2^-1.
        ? try nested { try $0.binary(above: .minus) } : try binary(above: precedence)
      left = try combine(left, operation, precedence, right, negated: negated)
    }
    return left
  }

  /// The operator at the current token; `not in` counts as one.
  private func operationAhead() -> (Precedence.Operation, Precedence)? {
    if token.keyword == .not, ahead(1).keyword == .in { return (.within, .comparison) }
    return Precedence.operation(of: token.kind)
  }

  private mutating func combine(
    _ left: Expression, _ operation: Precedence.Operation, _ precedence: Precedence,
    _ right: Expression, negated: Bool
  ) throws -> Expression {
    let span = left.span.through(right.span)
    if precedence == .comparison, let (_, next) = operationAhead(), next == .comparison {
      throw fail("comparisons do not chain", hint: "write a < x and x < b")
    }
    switch operation {
    case .binary(let function): return try make(.binary(function, left, right), span)
    case .and: return try make(.and(left, right), span)
    case .or: return try make(.or(left, right), span)
    case .within: return try make(.within(left, right, negated: negated), span)
    case .range:
      guard token.name == "step" else { return try make(.range(left, right, step: nil), span) }
      advance()
      let step = try binary(above: .range)
      return try make(.range(left, right, step: step), left.span.through(step.span))
    }
  }

  /// `not x`, `-x`, or an operand with what follows it.
  private mutating func prefix() throws -> Expression {
    let start = token.span
    if take(.not) {
      let operand = try nested { try $0.binary(above: .not) }
      return try make(.unary(.not, operand), start.through(operand.span))
    }
    if take(.minus) {
      let operand = try nested { try $0.binary(above: .minus) }
      if case .number(let number) = operand.kind {
        return try make(.number(-number), start.through(operand.span))
      }
      return try make(.unary(.negate, operand), start.through(operand.span))
    }
    if token.sign == .plus {
      throw fail("`+` needs something on its left")
    }
    return try postfix()
  }

  /// An operand with its calls, indices and fields.
  mutating func postfix() throws -> Expression {
    var base = try primary()
    while true {
      switch token.sign {
      case .openParen where !token.spaceBefore:
        let opening = advance().span
        let arguments = try callArguments(opening)
        let call = Call(callee: base, arguments: arguments, block: nil, isCommandForm: false)
        base = try make(.call(call), Span(base.span.start, lastEnd))
      case .openBracket where !token.spaceBefore:
        let opening = advance().span
        let items = try indexItems(opening)
        base = try make(.index(base, items), Span(base.span.start, lastEnd))
      case .dot:
        advance()
        guard let word = token.word else {
          throw fail("expected the name of a field after `.`, found \(token.description)")
        }
        let name = Name(text: word, span: advance().span)
        base = try make(.field(base, name), base.span.through(name.span))
      default: return base
      }
    }
  }

  private mutating func primary() throws -> Expression {
    let current = token
    switch current.kind {
    case .number(let number):
      advance()
      return Expression(.number(number), current.span)
    case .string(let parts):
      advance()
      return try string(parts, current.span)
    case .name(let name):
      advance()
      return Expression(.name(name), current.span)
    case .keyword(let word): return try keywordOperand(word)
    case .sign(.openParen):
      advance()
      let inner = try nested { try $0.commandOrExpression() }
      try expectClosing(.closeParen, of: current.span, "`)`")
      return Expression(inner.kind, Span(current.span.start, lastEnd))
    case .sign(.openBracket):
      advance()
      return try list(from: current.span)
    case .sign(.openBrace):
      advance()
      return try record(from: current.span)
    default:
      throw fail("expected a value, found \(current.description)", hint: valueHint(current))
    }
  }

  private func valueHint(_ token: Token) -> String? {
    switch token.sign {
    case .equalEqual, .notEqual, .lessEqual, .greaterEqual, .less, .greater, .star, .slash, .caret:
      "the operator needs something on both sides"
    case .dotDot: "a range is written 0..5; a folder name stands in quotes"
    case .dot: "a name of a file stands in quotes"
    default: nil
    }
  }

  private mutating func keywordOperand(_ word: Keyword) throws -> Expression {
    let span = token.span
    switch word {
    case .true, .false:
      advance()
      return Expression(.bool(word == .true), span)
    case .none:
      advance()
      return Expression(.none, span)
    case .fn:
      advance()
      try expect(.openParen, "after `fn`", hint: "as in fn(x) = x + 1")
      let parameters = try parameterList()
      try expect(.assign, "after the parameters", hint: "as in fn(x) = x + 1; `def` takes a block")
      let body = try expression()
      let function = FunctionSyntax(name: nil, parameters: parameters, body: .expression(body))
      return try make(.function(function), span.through(body.span))
    default:
      throw fail("expected a value, found `\(word.rawValue)`")
    }
  }
}
