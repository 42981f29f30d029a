extension Lexer {
  /// A scalar of UTF-8 and its length in bytes; nil where the bytes are not UTF-8.
  func decodeScalar(at offset: Int) -> (value: Unicode.Scalar, length: Int)? {
    guard offset < source.bytes.count else { return nil }
    let end = min(offset + 4, source.bytes.count)
    var decoder = UTF8()
    var bytes = source.bytes[offset..<end].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return (scalar, UTF8.width(scalar))
  }

  /// Whether a text is a name: letters, digits and `_`, no digit first, no keyword.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic,
      Keyword(rawValue: text) == nil
    else { return false }
    return text.unicodeScalars.allSatisfy(isNamePart)
  }

  static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// A name or keyword.
  mutating func name() {
    let start = position
    while let scalar = decodeScalar(at: position), Lexer.isNamePart(scalar.value) {
      position += scalar.length
    }
    let text = source.text(Span(start, position))
    add(Keyword(rawValue: text).map(Token.Kind.keyword) ?? .name(text), from: start)
  }

  /// `3`, `0.5`, `1e-4`, `1_000`; the point of `0..5` belongs to the range.
  mutating func number() {
    let start = position
    digits()
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) || !continuesAsName(1),
      peek(1) != UInt8(ascii: ".")
    {
      position += 1
      digits()
    }
    if let e = peek(), e == UInt8(ascii: "e") || e == UInt8(ascii: "E") {
      let signed = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
      if isDigit(peek(signed ? 2 : 1)) {
        position += signed ? 2 : 1
        digits()
      }
    }
    let text = source.text(Span(start, position)).filter { $0 != "_" }
    if continuesAsName(0) {
      while let scalar = decodeScalar(at: position), Lexer.isNamePart(scalar.value) {
        position += scalar.length
      }
      report(
        "`\(source.text(Span(start, min(position, start + 40))))` is neither a number nor a name",
        from: start, hint: "numbers are written 3, 0.5, 1e-4 or 1_000; names begin with a letter")
      add(.number(0), from: start)
      return
    }
    let value = Double(text) ?? .infinity
    if !value.isFinite {
      report("the number is too large", from: start, hint: "the largest is about 1.8e308")
    }
    add(.number(value.isFinite ? value : 0), from: start)
  }

  private mutating func digits() {
    while isDigit(peek()) || (peek() == UInt8(ascii: "_") && isDigit(peek(1))) { position += 1 }
  }

  private func continuesAsName(_ ahead: Int) -> Bool {
    decodeScalar(at: position + ahead).map { Lexer.isNamePart($0.value) } ?? false
  }
}
