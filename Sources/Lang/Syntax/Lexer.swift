/// Cuts a source into tokens; what it cannot read it reports and steps over.
struct Lexer {
  let source: Source
  var position = 0
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// Open brackets, innermost last: inside `(` and `[` newlines do not count.
  var brackets: [Sign] = []
  /// How many strings the lexer is inside of, through interpolation.
  var stringDepth = 0
  /// Whether white space was passed since the last token.
  var sawSpace = true
  /// Whether the text ends in the midst of something, so that a prompt should ask for more.
  var isUnfinished = false

  /// More errors than this in one text tell nothing new.
  static let mostDiagnostics = 20

  init(_ source: Source) { self.source = source }

  /// The tokens of the whole text, ending in `.end`.
  mutating func run() -> [Token] {
    if source.bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    if source.bytes.starts(with: Array("#!".utf8)) { skipLine() }
    while step() {}
    isUnfinished = isUnfinished || !brackets.isEmpty || tokens.last?.kind.continuesLine == true
    add(.end, from: position)
    return tokens
  }

  /// Reads one token or stretch of white space.
  ///
  /// - Returns: false at the end, and where there were too many errors to go on.
  mutating func step() -> Bool {
    guard diagnostics.count < Lexer.mostDiagnostics, let byte = peek() else { return false }
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      position += 1
      sawSpace = true
    case UInt8(ascii: "\n"): newline()
    case UInt8(ascii: "#"): skipLine()
    case UInt8(ascii: "\\"): continuation()
    case UInt8(ascii: "\""): string()
    case UInt8(ascii: "'"): literalString()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: ".") where isDigit(peek(1)): number()
    case UInt8(ascii: "_"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      name()
    default:
      if let sign = sign() { punctuation(sign) } else { other() }
    }
    return true
  }

  func peek(_ ahead: Int = 0) -> UInt8? {
    position + ahead < source.bytes.count ? source.bytes[position + ahead] : nil
  }

  func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: Span(start, position), spaceBefore: sawSpace))
    sawSpace = false
  }

  mutating func report(_ message: String, from start: Int, to end: Int? = nil, hint: String? = nil)
  {
    let span = Span(start, end ?? max(position, start + 1))
    diagnostics.append(Diagnostic(message, at: Place(source: source, span: span), hint: hint))
  }

  private mutating func newline() {
    let start = position
    position += 1
    let counts = brackets.last == nil || brackets.last == .openBrace
    if counts, let last = tokens.last, last.kind != .newline, !last.kind.continuesLine {
      add(.newline, from: start)
    }
    sawSpace = true
  }

  private mutating func skipLine() {
    while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
  }

  /// A backslash at the end of a line joins it with the next.
  private mutating func continuation() {
    let start = position
    position += 1
    while let byte = peek(),
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        || byte == UInt8(ascii: "\r")
    { position += 1 }
    sawSpace = true
    guard let byte = peek() else {
      isUnfinished = true
      return
    }
    if byte == UInt8(ascii: "\n") {
      position += 1
      if peek() == nil { isUnfinished = true }
    } else {
      report(
        "`\\` stands only at the end of a line that goes on", from: start, to: start + 1)
    }
  }

  private func sign() -> Sign? {
    Sign.allCases.first { sign in
      sign.rawValue.utf8.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }
  }

  private mutating func punctuation(_ sign: Sign) {
    let start = position
    position += sign.rawValue.utf8.count
    if sign.closing != nil {
      brackets.append(sign)
    } else if [.closeParen, .closeBracket, .closeBrace].contains(sign) {
      // A wrong partner is the parser's to report; here it only must not leave newlines switched off.
      if let open = brackets.lastIndex(where: { $0.closing == sign }) {
        brackets.removeSubrange(open...)
      }
    }
    add(.sign(sign), from: start)
  }

  /// Letters outside ASCII begin names; everything else here is an error.
  private mutating func other() {
    let start = position
    guard let scalar = decodeScalar(at: position) else {
      while let byte = peek(), byte >= 0x80, decodeScalar(at: position) == nil { position += 1 }
      report(
        "this is not UTF-8 text", from: start,
        hint: "scripts are plain text; is this a file for `load`?")
      return
    }
    if scalar.value.properties.isAlphabetic { return name() }
    position += scalar.length
    if scalar.value.properties.isWhitespace {
      sawSpace = true
      return
    }
    switch scalar.value {
    case "\0":
      while peek() == 0 { position += 1 }
      report(
        "the text has a NUL byte", from: start, to: start + 1,
        hint: "scripts are plain text; is this a file for `load`?")
    case "“", "”", "‘", "’":
      report(
        "`\(scalar.value)` is not a quotation mark here", from: start, hint: "write \"…\" or '…'")
    case "!": report("`!` means nothing here", from: start, hint: "negation is `not`")
    case "&": report("`&` means nothing here", from: start, hint: "write `and`")
    case "|": report("`|` means nothing here", from: start, hint: "write `or`")
    case "%": report("`%` means nothing here", from: start, hint: "the remainder is `mod`")
    default:
      let shown =
        scalar.value.value < 0x20 ? "U+\(String(scalar.value.value, radix: 16))" : "\(scalar.value)"
      report("`\(shown)` means nothing here", from: start)
    }
  }
}
