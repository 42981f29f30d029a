extension Parser {
  /// Statements up to a closing brace, or to the end of the text.
  mutating func statements(until closing: Sign?) -> [Statement] {
    var result: [Statement] = []
    while true {
      while token.kind == .newline || token.sign == .semicolon { advance() }
      if token.kind == .end { return result }
      if token.sign == .closeBrace {
        if closing == .closeBrace { return result }
        report("this `}` closes nothing", at: advance().span)
        continue
      }
      let start = index
      do {
        result.append(try statement())
      } catch {
        recover(from: start)
      }
    }
  }

  /// Steps over the rest of a statement that could not be read.
  private mutating func recover(from start: Int) {
    index = max(index, start)
    var open = 0
    while token.kind != .end {
      if token.sign?.closing != nil { open += 1 }
      if token.sign == .closeBrace && open == 0 { break }
      if [.closeParen, .closeBracket, .closeBrace].contains(token.sign) { open = max(0, open - 1) }
      if open == 0, token.kind == .newline || token.sign == .semicolon { break }
      if lostNewlines, beginsLine, index > start { break }
      advance()
    }
    if index == start, token.kind != .end { advance() }
    for token in tokens[start..<index] {
      if let name = token.name { doubtfulNames.insert(name) }
    }
  }

  private mutating func statement() throws -> Statement {
    let start = token.span
    let kind = try nested { try $0.statementKind() }
    let span = Span(start.start, max(start.end, lastEnd))
    try endOfStatement()
    return Statement(kind: hidden(kind), span: span)
  }

  /// An expression that ends in `;` is not shown.
  private func hidden(_ kind: Statement.Kind) -> Statement.Kind {
    if case .expression(let expression, _) = kind, token.sign == .semicolon {
      return .expression(expression, isHidden: true)
    }
    return kind
  }

  private mutating func endOfStatement() throws {
    if token.kind == .newline || token.kind == .end || token.sign == .semicolon
      || token.sign == .closeBrace
    {
      return
    }
    if index > 0, tokens[index - 1].sign == .closeBrace { return }
    if lostNewlines, beginsLine { return }
    throw fail("expected the end of the statement, found \(token.description)", hint: strayHint())
  }

  /// What someone may have meant by a token that cannot follow an expression.
  func strayHint() -> String? {
    switch token.kind {
    case .sign(.openBracket) where token.spaceBefore:
      "an index stands without white space: `a[1]`"
    case .sign(.openParen) where token.spaceBefore:
      "a call stands without white space: `f(x)`"
    case .sign(.colon): "slices `a:b` stand in brackets, records in braces"
    case .sign(.assign): "`=` assigns to a name; to compare write `==`"
    case .sign(.comma): "a list is written [a, b]"
    case .keyword(.else): "put `else` on the line of the closing brace"
    case .keyword(.catch): "put `catch` on the line of the closing brace"
    default: nil
    }
  }

  private mutating func statementKind() throws -> Statement.Kind {
    switch token.kind {
    case .keyword(let word) where ahead(1).sign != .assign || word == .return:
      if let kind = try keywordStatement(word) { return kind }
    case .sign(.question):
      advance()
      let name = token.word
      if name != nil { advance() }
      return .help(name)
    default: break
    }
    if let targets = try assignmentTargets() {
      let value = try commandOrExpression()
      return .assign(targets, value)
    }
    return .expression(try commandOrExpression(isStatement: true), isHidden: false)
  }

  /// nil where the keyword begins an expression.
  private mutating func keywordStatement(_ word: Keyword) throws -> Statement.Kind? {
    switch word {
    case .if: return try choice()
    case .for: return try forEach()
    case .while:
      advance()
      return .loop(try expression(), try block("of the loop"))
    case .break:
      advance()
      return .leave
    case .continue:
      advance()
      return .next
    case .def: return .define(try definition())
    case .return:
      advance()
      let ends =
        token.kind == .newline || token.kind == .end || token.sign == .semicolon
        || token.sign == .closeBrace
      return .give(ends ? nil : try commandOrExpression())
    case .try:
      advance()
      let body = try block("of `try`")
      if newlinesThen(.catch) { skipNewlines() }
      guard take(.catch) else {
        throw fail("`try` needs a `catch`", hint: "as in try { … } catch e { … }")
      }
      let name = token.name.map { Name(text: $0, span: token.span) }
      if name != nil { advance() }
      return .attempt(body, name: name, handler: try block("of `catch`"))
    case .include:
      advance()
      return .include(try expression())
    case .else, .catch:
      throw fail("\(token.description) has no beginning here", hint: strayHint())
    default: return nil
    }
  }

  private mutating func choice() throws -> Statement.Kind {
    advance()
    var branches = [(condition: try expression(), body: try block("of `if`"))]
    while true {
      if newlinesThen(.else) { skipNewlines() }
      guard take(.else) else { return .choose(branches, otherwise: nil) }
      guard take(.if) else {
        return .choose(branches, otherwise: try block("of `else`"))
      }
      branches.append((try expression(), try block("of `else if`")))
    }
  }

  /// Whether a word comes after newlines only.
  private func newlinesThen(_ word: Keyword) -> Bool {
    var next = 0
    while ahead(next).kind == .newline { next += 1 }
    return next > 0 && ahead(next).keyword == word
  }

  private mutating func forEach() throws -> Statement.Kind {
    advance()
    let first = try expectName("a name after `for`")
    let second = take(.comma) ? try expectName("a name after the comma") : nil
    guard take(.in) else {
      throw fail("expected `in`, found \(token.description)", hint: "as in for x in list { … }")
    }
    let list = try expression()
    let body = try block("of the loop")
    return .forEach(index: second == nil ? nil : first, item: second ?? first, list, body)
  }

  private mutating func definition() throws -> FunctionSyntax {
    advance()
    let name = try expectName("the name of the function")
    try expect(.openParen, "after the name", hint: "as in def \(name.text)(x, k=3) { … }")
    let parameters = try parameterList()
    if take(.assign) {
      return FunctionSyntax(
        name: name, parameters: parameters, body: .expression(try commandOrExpression()))
    }
    return FunctionSyntax(
      name: name, parameters: parameters, body: .block(try block("of `\(name.text)`")))
  }

  /// `x, k=3)`, the opening parenthesis being read.
  mutating func parameterList() throws -> [(name: Name, initial: Expression?)] {
    var parameters: [(name: Name, initial: Expression?)] = []
    while token.sign != .closeParen {
      let name = try expectName("the name of a parameter")
      if parameters.contains(where: { $0.name.text == name.text }) {
        report("there are two parameters `\(name.text)`", at: name.span)
      }
      let initial = take(.assign) ? try expression() : nil
      if initial == nil, parameters.last?.initial != nil {
        report(
          "`\(name.text)` needs a default", at: name.span,
          hint: "parameters after one with a default need one too")
      }
      parameters.append((name, initial))
      if !take(.comma) { break }
    }
    try expect(.closeParen, "after the parameters")
    return parameters
  }

  mutating func block(_ owner: String) throws -> BlockSyntax {
    let start = token.span
    guard token.sign == .openBrace else {
      throw fail("expected `{` \(owner), found \(token.description)", hint: strayHint())
    }
    advance()
    let statements = try nested { $0.statements(until: .closeBrace) }
    guard take(.closeBrace) else {
      throw fail("the `{` \(owner) is not closed", at: start)
    }
    return BlockSyntax(statements: statements, span: Span(start.start, lastEnd))
  }
}
