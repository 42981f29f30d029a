/// A word, number, string or sign of the text.
struct Token {
  let kind: Kind
  let span: Span
  /// Whether white space (or the beginning of the text) stands before it.
  let spaceBefore: Bool

  enum Kind: Equatable {
    case name(String)
    case keyword(Keyword)
    case number(Double)
    case string([StringPart])
    case sign(Sign)
    case newline
    case end
  }

  var sign: Sign? { if case .sign(let sign) = kind { sign } else { nil } }
  var keyword: Keyword? { if case .keyword(let word) = kind { word } else { nil } }
  var name: String? { if case .name(let name) = kind { name } else { nil } }

  /// The text of a name or keyword: after `.` and before `=` a keyword is as good as a name.
  var word: String? { name ?? keyword?.rawValue }

  /// As an error message calls it.
  var description: String {
    switch kind {
    case .name(let name): "`\(name)`"
    case .keyword(let word): "`\(word.rawValue)`"
    case .number(let number): "`\(NumberFormat.short(number))`"
    case .string: "a string"
    case .sign(let sign): "`\(sign.rawValue)`"
    case .newline: "the end of the line"
    case .end: "the end of the text"
    }
  }
}

/// A piece of a string: text, or an expression to put in its place.
enum StringPart: Equatable {
  case text(String)
  case code(EmbeddedTokens)
}

/// The tokens between the braces of a string, up to an `.end`.
struct EmbeddedTokens: Equatable {
  let tokens: [Token]
  let format: FormatSpec?

  static func == (a: EmbeddedTokens, b: EmbeddedTokens) -> Bool {
    a.tokens.map(\.kind) == b.tokens.map(\.kind) && a.format == b.format
  }
}

enum Keyword: String, CaseIterable {
  case `if`, `else`, `for`, `while`, `in`, `break`, `continue`, def, fn, `return`, `try`, `catch`
  case include, and, or, not, mod, `true`, `false`, none
}

/// Longer signs come before their beginnings: the lexer takes the first that fits.
enum Sign: String, CaseIterable {
  case equalEqual = "=="
  case notEqual = "!="
  case lessEqual = "<="
  case greaterEqual = ">="
  case dotDot = ".."
  case assign = "="
  case less = "<"
  case greater = ">"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case caret = "^"
  case dot = "."
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case question = "?"
  case openParen = "("
  case closeParen = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"

  /// The sign that closes this one.
  var closing: Sign? {
    switch self {
    case .openParen: .closeParen
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    default: nil
    }
  }
}

extension Token.Kind {
  /// Whether a line that ends in this token goes on in the next.
  var continuesLine: Bool {
    switch self {
    case .sign(.assign), .sign(.comma): true
    default: Precedence.operation(of: self) != nil
    }
  }
}
