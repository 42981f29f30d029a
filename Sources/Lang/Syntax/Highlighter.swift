/// Code cut into pieces by what they are, for reports and editors.
public struct Highlighter {
  public enum Kind: String, Sendable {
    case plain, keyword, command, option, number, string, comment
  }

  public struct Piece: Equatable, Sendable {
    public let kind: Kind
    public let text: String
  }

  private let catalogue: Catalogue

  public init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  /// The pieces of a text in order; joined they are the text.
  public func pieces(of text: String) -> [Piece] {
    let source = Source(text)
    var lexer = Lexer(source)
    let tokens = lexer.run()
    var pieces: [Piece] = []
    var reached = 0
    func add(_ kind: Kind, upTo end: Int) {
      guard end > reached else { return }
      pieces.append(Piece(kind: kind, text: source.text(Span(reached, end))))
      reached = end
    }
    for (index, token) in tokens.enumerated() where token.span.start >= reached {
      for piece in gap(source, from: reached, to: token.span.start) {
        add(piece.kind, upTo: piece.end)
      }
      let isField = index > 0 && tokens[index - 1].sign == .dot
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      add(isField ? .plain : kind(of: token, before: next), upTo: token.span.end)
    }
    for piece in gap(source, from: reached, to: source.bytes.count) {
      add(piece.kind, upTo: piece.end)
    }
    return pieces
  }

  private func kind(of token: Token, before next: Token?) -> Kind {
    switch token.kind {
    case .keyword: .keyword
    case .number: .number
    case .string: .string
    case .name(let name):
      next?.sign == .assign && next?.spaceBefore == false
        ? .option : catalogue.isKnown(name) ? .command : .plain
    case .sign, .newline, .end: .plain
    }
  }

  /// Blanks and comments between tokens.
  private func gap(_ source: Source, from start: Int, to end: Int) -> [(kind: Kind, end: Int)] {
    var pieces: [(Kind, Int)] = []
    var place = start
    while place < end {
      guard let mark = source.bytes[place..<end].firstIndex(of: UInt8(ascii: "#")) else { break }
      if mark > place { pieces.append((.plain, mark)) }
      let stop = source.bytes[mark..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
      pieces.append((.comment, stop))
      place = stop
    }
    if place < end { pieces.append((.plain, end)) }
    return pieces
  }
}
