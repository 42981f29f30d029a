extension Lexer {
  /// Strings inside the expressions of strings: more nesting than this is no one's intention.
  private static let deepestString = 16

  /// `'…'`, taken literally.
  mutating func literalString() {
    let start = position
    position += 1
    let text = position
    while let byte = peek(), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\n") { position += 1 }
    let span = Span(text, position)
    checkText(span)
    closeString(UInt8(ascii: "'"), from: start)
    add(.string([.text(source.text(span))]), from: start)
  }

  /// `"… {expression:.2f} …"` with escapes.
  mutating func string() {
    let start = position
    let spaced = sawSpace
    position += 1
    var parts: [StringPart] = []
    var bytes: [UInt8] = []
    func flush() {
      if !bytes.isEmpty { parts.append(.text(String(decoding: bytes, as: UTF8.self))) }
      bytes = []
    }
    let textStart = position
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\n"),
      diagnostics.count < Lexer.mostDiagnostics
    {
      switch byte {
      case UInt8(ascii: "\\"): bytes += escape()
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        if peek(1) == byte {
          bytes.append(byte)
          position += 2
        } else if byte == UInt8(ascii: "{") {
          flush()
          guard let code = interpolation() else { return skipString(from: start, parts) }
          parts.append(code)
        } else {
          bytes.append(byte)
          position += 1
        }
      default:
        bytes.append(byte)
        position += 1
      }
    }
    flush()
    if stringDepth == 0 { checkText(Span(textStart, position)) }
    closeString(UInt8(ascii: "\""), from: start)
    sawSpace = spaced
    add(.string(parts), from: start)
  }

  /// Steps over what is left of a string that has been complained of.
  private mutating func skipString(from start: Int, _ parts: [StringPart]) {
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\n") {
      position += 1
    }
    if peek() == UInt8(ascii: "\"") { position += 1 }
    add(.string(parts), from: start)
  }

  private mutating func closeString(_ quote: UInt8, from start: Int) {
    if peek() == quote {
      position += 1
    } else if diagnostics.count < Lexer.mostDiagnostics {
      report(
        "the string is not closed", from: start,
        hint: "a string ends on its line with \(quote == UInt8(ascii: "'") ? "'" : "\""); "
          + "a line break inside is written \\n")
    }
  }

  private mutating func checkText(_ span: Span) {
    let bytes = source.bytes[span.start..<span.end]
    if String(validating: bytes, as: UTF8.self) == nil || bytes.contains(0) {
      report("the string is not UTF-8 text", from: span.start, to: span.end)
    }
  }

  /// `\n`, `\t`, `\u{e9}` …
  private mutating func escape() -> [UInt8] {
    let start = position
    position += 2
    guard let byte = source.bytes.indices.contains(start + 1) ? source.bytes[start + 1] : nil,
      byte != UInt8(ascii: "\n")
    else {
      position = start + 1
      return []
    }
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "e"): return [27]
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      return [byte]
    case UInt8(ascii: "u"):
      if let scalar = unicodeEscape() { return Array(String(scalar).utf8) }
      report("`\\u` needs a character's number in braces", from: start, hint: "as in \\u{e9} for é")
      return []
    default:
      if byte >= 0x80 { position = start + 1 }
      report(
        "there is no such escape in a string", from: start, to: start + 2,
        hint: "there are \\n \\t \\r \\e \\\\ \\\" \\{ \\} \\u{…}; '…' takes backslashes literally")
      return []
    }
  }

  private mutating func unicodeEscape() -> Unicode.Scalar? {
    guard peek() == UInt8(ascii: "{") else { return nil }
    let digits = source.bytes[position...].dropFirst().prefix(9).prefix { $0 != UInt8(ascii: "}") }
    guard digits.count < 9, position + 1 + digits.count < source.bytes.count,
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    position += digits.count + 2
    return scalar
  }

  /// `{expression}` or `{expression:format}` inside a string.
  private mutating func interpolation() -> StringPart? {
    let start = position
    guard stringDepth < Lexer.deepestString else {
      report("strings are nested too deeply", from: start)
      position = source.bytes.count
      return nil
    }
    let (outerTokens, outerBrackets) = (tokens, brackets)
    (tokens, brackets) = ([], [.openParen])
    defer { (tokens, brackets) = (outerTokens, outerBrackets) }
    stringDepth += 1
    defer { stringDepth -= 1 }
    position += 1
    sawSpace = true
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      if brackets.count <= 1, byte == UInt8(ascii: "}") || byte == UInt8(ascii: ":") { break }
      guard step() else { break }
    }
    let end = position
    var format: FormatSpec?
    if peek() == UInt8(ascii: ":") { format = formatSpec() }
    guard peek() == UInt8(ascii: "}") else {
      if diagnostics.count < Lexer.mostDiagnostics {
        report(
          "the `{` in the string is not closed", from: start, to: start + 1,
          hint: "a brace as such is written \\{")
      }
      return nil
    }
    position += 1
    if tokens.isEmpty {
      report(
        "there is nothing between the braces", from: start, hint: "a brace as such is written \\{")
      return nil
    }
    tokens.append(Token(kind: .end, span: Span(end, end + 1), spaceBefore: false))
    return .code(EmbeddedTokens(tokens: tokens, format: format))
  }

  private mutating func formatSpec() -> FormatSpec? {
    let start = position
    position += 1
    while let byte = peek(), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\n"),
      byte != UInt8(ascii: "\"")
    { position += 1 }
    let text = source.text(Span(start + 1, position))
    guard let spec = FormatSpec(text) else {
      report(
        "`\(text)` is no format", from: start + 1, to: max(position, start + 2),
        hint: "as in {x:.2f}, {x:8.3e}, {n:05d}, {name:<12}, {share:.1%}")
      return nil
    }
    return spec
  }
}
