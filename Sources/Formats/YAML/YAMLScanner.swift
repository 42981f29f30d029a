/// Reads scalars and flow collections of one line of YAML.
struct YAMLScanner {
  private let text: [Character]
  private let line: Int
  private var position = 0

  init(_ text: [Character], line: Int) {
    self.text = text
    self.line = line
  }

  /// The name before a colon and what follows it; nil where the line has none.
  static func key(
    of line: YAMLParser.Line
  ) throws(YAMLParser.Fault) -> (name: String, rest: [Character])? {
    var scanner = YAMLScanner(line.text, line: line.number)
    guard let first = scanner.next, !"[{".contains(first) else { return nil }
    let name: String
    if first == "\"" || first == "'" {
      name = try scanner.quoted()
    } else {
      name = scanner.plain(until: { scanner, _ in scanner.isColon })
    }
    guard scanner.isColon else { return nil }
    return (name, Array(line.text[(scanner.position + 1)...].drop { $0 == " " }))
  }

  /// Whether a bracket or brace is still open at the end of a text.
  static func isOpen(_ text: [Character]) -> Bool {
    guard let first = text.first, "[{".contains(first) else { return false }
    var depth = 0
    var quote: Character?
    for (index, character) in text.enumerated() {
      if let open = quote {
        if character == open, open == "'" || text[index - 1] != "\\" { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      }
    }
    return depth > 0
  }

  /// The value that the whole text is.
  mutating func whole() throws(YAMLParser.Fault) -> JSON {
    if let first = next, let what = YAMLScanner.refused[first] {
      throw fault("\(what) are not read", hint: "put a string that begins so into quotes")
    }
    let value: JSON
    switch next {
    case "[", "{", "\"", "'": value = try flow(depth: 0)
    default:
      value = YAMLScalar.value(String(text))
      position = text.count
    }
    skipSpace()
    guard position == text.count else {
      throw fault(
        "there is more text after the value", hint: "put a string with such signs into quotes")
    }
    return value
  }

  private static let refused: [Character: String] = [
    "&": "anchors (`&name`)", "*": "aliases (`*name`)", "!": "tags (`!name`)",
    "|": "block strings (`|`)", ">": "block strings (`>`)", "@": "names that begin with `@`",
    "`": "names that begin with a backtick",
  ]

  private var next: Character? { position < text.count ? text[position] : nil }

  /// A colon that ends a name: white space or nothing follows.
  private var isColon: Bool {
    next == ":" && (position + 1 == text.count || text[position + 1] == " ")
  }

  private mutating func skipSpace() {
    while next == " " || next == "\t" { position += 1 }
  }

  private func fault(_ what: String, hint: String? = nil) -> YAMLParser.Fault {
    YAMLParser.Fault(text: what, line: line, hint: hint)
  }

  private mutating func flow(depth: Int) throws(YAMLParser.Fault) -> JSON {
    guard depth < YAMLParser.depthLimit else { throw fault("this is nested too deeply") }
    skipSpace()
    switch next {
    case "[": return try list(depth: depth)
    case "{": return try map(depth: depth)
    case "\"", "'": return .string(try quoted())
    default:
      return YAMLScalar.value(
        plain { scanner, character in
          ",]}".contains(character) || scanner.isColon
        })
    }
  }

  private mutating func list(depth: Int) throws(YAMLParser.Fault) -> JSON {
    position += 1
    var items: [JSON] = []
    while true {
      skipSpace()
      if next == "]" { break }
      items.append(try flow(depth: depth + 1))
      skipSpace()
      if next == "]" { break }
      guard next == "," else { throw fault("the list `[…]` is not closed") }
      position += 1
    }
    position += 1
    return .array(items)
  }

  private mutating func map(depth: Int) throws(YAMLParser.Fault) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    while true {
      skipSpace()
      if next == "}" { break }
      let isQuoted = next == "\"" || next == "'"
      let name =
        isQuoted
        ? try quoted()
        : plain { scanner, sign in
          ",]}".contains(sign) || scanner.isColon
        }
      skipSpace()
      guard next == ":" else { throw fault("`{…}` takes pairs `name: value`") }
      position += 1
      guard !members.contains(where: { $0.name == name }) else {
        throw fault("`\(name)` is given twice")
      }
      members.append(JSON.Member(name: name, value: try flow(depth: depth + 1)))
      skipSpace()
      if next == "}" { break }
      guard next == "," else { throw fault("the map `{…}` is not closed") }
      position += 1
    }
    position += 1
    return .object(members)
  }

  /// Text without quotes up to where `isEnd` says, without white space at its end.
  private mutating func plain(until isEnd: (YAMLScanner, Character) -> Bool) -> String {
    let start = position
    while let character = next, !isEnd(self, character) { position += 1 }
    var end = position
    while end > start, text[end - 1].isWhitespace { end -= 1 }
    return String(text[start..<end])
  }

  private mutating func quoted() throws(YAMLParser.Fault) -> String {
    let quote = text[position]
    position += 1
    var result = ""
    while let character = next {
      position += 1
      if character == quote {
        // Two single quotes stand for one.
        guard quote == "'", next == "'" else { return result }
        position += 1
        result.append("'")
      } else if quote == "\"", character == "\\" {
        result.append(try escaped())
      } else {
        result.append(character)
      }
    }
    throw fault("the string is not closed", hint: "a quotation mark is missing at its end")
  }

  private mutating func escaped() throws(YAMLParser.Fault) -> Character {
    guard let letter = next else { throw fault("the string is not closed") }
    position += 1
    if let sign = YAMLScanner.escapes[letter] { return sign }
    let digits = ["x": 2, "u": 4, "U": 8][letter] ?? 0
    let code = String(text[position..<min(text.count, position + digits)])
    guard digits > 0, code.count == digits, let number = UInt32(code, radix: 16),
      let scalar = Unicode.Scalar(number)
    else {
      throw fault("`\\\(letter)` means nothing in a string", hint: "write `\\\\` for a backslash")
    }
    position += digits
    return Character(scalar)
  }

  private static let escapes: [Character: Character] = [
    "n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "\"": "\"", "/": "/", " ": " ",
    "a": "\u{7}", "b": "\u{8}", "e": "\u{1b}", "f": "\u{c}", "v": "\u{b}",
  ]
}
