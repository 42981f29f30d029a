extension Parser {
  /// What may stand as a statement, on the right of `=`, after `return` and alone in parentheses:
  /// a command without parentheses, or an expression.
  mutating func commandOrExpression(isStatement: Bool = false) throws -> Expression {
    if let name = token.name, beginsArgument(ahead(1), after: ahead(2)) {
      let callee = Expression(.name(name), advance().span)
      if name == "explain", let explained = token.name,
        beginsArgument(ahead(1), after: ahead(2))
      {
        let command = Expression(.name(explained), advance().span)
        return try nested {
          try $0.command(command, explainedBy: Name(text: name, span: callee.span))
        }
      }
      return try nested { try $0.command(callee) }
    }
    let result = try expression()
    if case .name(let name) = result.kind {
      return Expression(.bare(name, isStatement: isStatement), result.span)
    }
    // `time() { … }`: the call form with a block.
    if case .call(let call) = result.kind, !call.isCommandForm, token.sign == .openBrace {
      let body = try block("of the command")
      let full = Call(
        callee: call.callee, arguments: call.arguments, block: body, isCommandForm: false)
      return try make(.call(full), Span(result.span.start, lastEnd))
    }
    return result
  }

  /// Whether a token begins the first argument of a command: it stands apart, can begin an
  /// expression and cannot continue one.
  private func beginsArgument(_ token: Token, after next: Token) -> Bool {
    guard token.spaceBefore else { return false }
    switch token.kind {
    case .name, .number, .string: return true
    case .keyword(.not): return next.keyword != .in
    case .keyword(let word):
      return [.true, .false, .none, .fn].contains(word) || next.sign == .assign
    case .sign(let sign): return [.openParen, .openBracket, .openBrace].contains(sign)
    case .newline, .end: return false
    }
  }

  /// The arguments of a command, up to the end of the statement, a closing bracket or a block.
  ///
  /// - Parameter word: the `explain` in front of it, which becomes an option of the command.
  private mutating func command(
    _ callee: Expression, explainedBy word: Name? = nil
  ) throws -> Expression {
    var arguments =
      word.map {
        [CallArgument(name: $0, value: Expression(.bool(true), $0.span))]
      } ?? []
    var body: BlockSyntax?
    while !endsCommand() {
      if token.sign == .openBrace, !beginsRecord() {
        body = try block("of the command")
        break
      }
      arguments.append(try argument())
      if !take(.comma), !endsCommand(), !token.spaceBefore {
        throw fail(
          "expected white space between the arguments, found \(token.description)")
      }
    }
    let call = Call(callee: callee, arguments: arguments, block: body, isCommandForm: true)
    return try make(.call(call), Span(callee.span.start, lastEnd))
  }

  private func endsCommand() -> Bool {
    if lostNewlines, beginsLine { return true }
    return switch token.kind {
    case .newline, .end: true
    case .sign(let sign):
      [.semicolon, .closeParen, .closeBracket, .closeBrace].contains(sign)
    default: false
    }
  }

  /// Whether `{` begins a record: a name and a colon follow.
  private func beginsRecord() -> Bool {
    var next = 1
    while ahead(next).kind == .newline { next += 1 }
    let isKey: Bool
    if case .string = ahead(next).kind { isKey = true } else { isKey = ahead(next).word != nil }
    return isKey && ahead(next + 1).sign == .colon
  }

  /// `value` or `name=value`.
  private mutating func argument() throws -> CallArgument {
    if let word = token.word, ahead(1).sign == .assign {
      let name = Name(text: word, span: advance().span)
      advance()
      return CallArgument(name: name, value: try expression())
    }
    return CallArgument(name: nil, value: try expression())
  }

  /// The arguments of the call form, the opening parenthesis being read.
  mutating func callArguments(_ opening: Span) throws -> [CallArgument] {
    var arguments: [CallArgument] = []
    while token.sign != .closeParen {
      arguments.append(try argument())
      guard take(.comma) else { break }
    }
    if case .name(let word)? = arguments.last?.value.kind, !beginsLine,
      beginsArgument(token, after: ahead(1))
    {
      throw fail(
        "expected `,` or `)` in the call, found \(token.description)",
        hint: "arguments have commas between them; a command inside a call has parentheses of its "
          + "own: `\(word)(…)`")
    }
    try expectClosing(.closeParen, of: opening, "`,` or `)` in the call")
    return arguments
  }
}
