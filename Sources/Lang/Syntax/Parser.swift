/// Makes a tree of tokens. After an error it goes on at the next statement, so that one reading
/// finds several.
struct Parser {
  let source: Source
  var tokens: [Token]
  var index = 0
  var diagnostics: [Diagnostic] = []
  var doubtfulNames: Set<String> = []
  /// How deep expressions and blocks are nested around the current token.
  var nesting = 0
  /// The end of the text came where something was still missing.
  var ranOut = false
  /// After nesting that is too deep nothing is read any more, so nothing is missed either.
  var gaveUp = false
  /// After a bracket that is not closed: the lexer left out the newlines that followed.
  var lostNewlines = false

  /// Deepest nesting of brackets and blocks.
  static let deepestNesting = 200

  /// Leaves the statement; the diagnostic has been reported.
  struct Failure: Error {}

  static func parse(_ source: Source) -> Program {
    var program = Program(source: source)
    guard source.bytes.count <= Source.longest else {
      program.diagnostics = [
        Diagnostic("the text is too long for a script (\(source.bytes.count >> 20) MB)")
      ]
      return program
    }
    var lexer = Lexer(source)
    let tokens = lexer.run()
    var parser = Parser(source: source, tokens: tokens)
    program.statements = parser.statements(until: nil)
    let all =
      lexer.diagnostics
      + (lexer.diagnostics.isEmpty ? parser.diagnostics : parser.reliable(lexer.diagnostics))
    program.diagnostics = Array(all.prefix(Lexer.mostDiagnostics))
    program.doubtfulNames = parser.doubtfulNames
    program.isUnfinished = lexer.isUnfinished || parser.ranOut
    return program
  }

  /// Errors on lines where the lexer stumbled only follow from that.
  private func reliable(_ lexical: [Diagnostic]) -> [Diagnostic] {
    let lines = Set(lexical.compactMap { $0.place?.line })
    return diagnostics.filter { !lines.contains($0.place?.line ?? 0) }
  }

  // MARK: Tokens

  var token: Token { tokens[min(index, tokens.count - 1)] }
  func ahead(_ count: Int) -> Token { tokens[min(index + count, tokens.count - 1)] }
  /// The end of the last token read.
  var lastEnd: Int { index > 0 ? tokens[index - 1].span.end : 0 }

  @discardableResult
  mutating func advance() -> Token {
    let current = token
    if index < tokens.count - 1 { index += 1 }
    return current
  }

  mutating func take(_ sign: Sign) -> Bool {
    guard token.sign == sign else { return false }
    advance()
    return true
  }

  mutating func take(_ word: Keyword) -> Bool {
    guard token.keyword == word else { return false }
    advance()
    return true
  }

  mutating func skipNewlines() {
    while token.kind == .newline { advance() }
  }

  mutating func expect(_ sign: Sign, _ purpose: String, hint: String? = nil) throws {
    guard take(sign) else {
      throw fail("expected `\(sign.rawValue)` \(purpose), found \(token.description)", hint: hint)
    }
  }

  /// The bracket that closes one opened before.
  mutating func expectClosing(_ sign: Sign, of opening: Span, _ what: String) throws {
    if take(sign) { return }
    if token.kind == .end || beginsLine {
      lostNewlines = true
      let open = source.text(Span(opening.start, opening.start + 1))
      throw fail("the `\(open)` is not closed", at: Span(opening.start, opening.start + 1))
    }
    throw fail("expected \(what), found \(token.description)", hint: strayHint())
  }

  /// Whether the current token stands on a later line than the one before it.
  var beginsLine: Bool {
    index == 0 || source.line(of: token.span.start) > source.line(of: max(0, lastEnd - 1))
  }

  mutating func expectName(_ what: String) throws -> Name {
    guard let text = token.name else {
      let isReserved = token.keyword != nil
      throw fail(
        "expected \(what), found \(token.description)",
        hint: isReserved ? "\(token.description) is a word of the language" : nil)
    }
    return Name(text: text, span: advance().span)
  }

  // MARK: Errors

  mutating func report(_ message: String, at span: Span, hint: String? = nil) {
    guard diagnostics.count < Lexer.mostDiagnostics, !gaveUp else { return }
    diagnostics.append(Diagnostic(message, at: Place(source: source, span: span), hint: hint))
  }

  mutating func fail(_ message: String, at span: Span? = nil, hint: String? = nil) -> Failure {
    if token.kind == .end { ranOut = true }
    report(message, at: span ?? token.span, hint: hint)
    return Failure()
  }

  /// Runs a part of the grammar one level deeper.
  mutating func nested<T>(_ body: (inout Parser) throws -> T) throws -> T {
    guard nesting < Parser.deepestNesting else {
      let failure = fail(
        "this is nested too deeply", hint: "name the inner parts, or move them into a `def`")
      index = tokens.count - 1
      gaveUp = true
      throw failure
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body(&self)
  }

  /// Makes an expression, unless the tree grows too high.
  mutating func make(_ kind: Expression.Kind, _ span: Span) throws -> Expression {
    let expression = Expression(kind, span)
    guard expression.depth <= Expression.deepest else {
      throw fail(
        "the expression is too long", at: span, hint: "put parts of it into variables")
    }
    return expression
  }
}
