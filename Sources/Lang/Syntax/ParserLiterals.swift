extension Parser {
  /// A string, with the expressions between its braces.
  mutating func string(_ parts: [StringPart], _ span: Span) throws -> Expression {
    if parts.isEmpty { return Expression(.string(""), span) }
    if parts.count == 1, case .text(let text) = parts[0] { return Expression(.string(text), span) }
    let pieces = try parts.map { part -> InterpolationPart in
      switch part {
      case .text(let text): return .text(text)
      case .code(let code): return .expression(try embedded(code), code.format)
      }
    }
    return try make(.interpolation(pieces), span)
  }

  /// The expression between the braces of a string.
  private mutating func embedded(_ code: EmbeddedTokens) throws -> Expression {
    let (outer, place) = (tokens, index)
    (tokens, index) = (code.tokens, 0)
    defer { (tokens, index) = (outer, place) }
    let result = try nested { try $0.expression() }
    guard token.kind == .end else {
      throw fail("expected `}`, found \(token.description)", hint: strayHint())
    }
    return result
  }

  /// The items of a list, the opening bracket being read.
  mutating func list(from start: Span) throws -> Expression {
    var items: [Expression] = []
    while token.sign != .closeBracket {
      items.append(try expression())
      guard take(.comma) else { break }
    }
    try expectClosing(.closeBracket, of: start, "`,` or `]` in the list")
    return try make(.list(items), Span(start.start, lastEnd))
  }

  /// The fields of a record, the opening brace being read.
  mutating func record(from start: Span) throws -> Expression {
    var fields: [(name: Name, value: Expression)] = []
    skipNewlines()
    while token.sign != .closeBrace {
      let name = try fieldName()
      if fields.contains(where: { $0.name.text == name.text }) {
        report("the record has two fields `\(name.text)`", at: name.span)
      }
      try expect(.colon, "after the field's name", hint: "as in {p: 0.3, name: \"a\"}")
      skipNewlines()
      fields.append((name, try expression()))
      skipNewlines()
      guard take(.comma) else { break }
      skipNewlines()
    }
    try expectClosing(.closeBrace, of: start, "`,` or `}` in the record")
    return try make(.record(fields), Span(start.start, lastEnd))
  }

  /// A word or a string without braces.
  private mutating func fieldName() throws -> Name {
    if let word = token.word { return Name(text: word, span: advance().span) }
    if case .string(let parts) = token.kind {
      let texts = parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
      if texts.count == parts.count { return Name(text: texts.joined(), span: advance().span) }
    }
    throw fail(
      "expected the name of a field, found \(token.description)",
      hint: "records are written {p: 0.3, name: \"a\"}")
  }

  /// What stands between the brackets of an index.
  mutating func indexItems(_ opening: Span) throws -> [IndexItem] {
    var items: [IndexItem] = []
    while token.sign != .closeBracket {
      items.append(try indexItem())
      guard take(.comma) else { break }
    }
    try expectClosing(.closeBracket, of: opening, "`,` or `]` in the index")
    if items.isEmpty {
      throw fail("the index is empty", at: Span(lastEnd - 2, lastEnd), hint: "as in x[0] or x[2:5]")
    }
    return items
  }

  private mutating func indexItem() throws -> IndexItem {
    let start = token.span
    var axis: Name?
    if let word = token.word, ahead(1).sign == .assign {
      axis = Name(text: word, span: advance().span)
      advance()
    }
    var parts: [Expression?] = []
    var isSlice = false
    while true {
      let ends = [.colon, .comma, .closeBracket].contains(token.sign) || token.kind == .end
      parts.append(ends ? nil : try expression())
      guard parts.count < 3, take(.colon) else { break }
      isSlice = true
    }
    let span = Span(start.start, max(start.start + 1, lastEnd))
    if isSlice {
      let (end, step) = (parts[1], parts.count > 2 ? parts[2] : nil)
      return IndexItem(axis: axis, kind: .slice(start: parts[0], end: end, step: step), span: span)
    }
    guard let position = parts[0] else {
      throw fail("expected an index, found \(token.description)")
    }
    return IndexItem(axis: axis, kind: .at(position), span: span)
  }
}
