/// A YAML text as lines without comments and empty lines.
enum YAMLLines {
  /// - Throws: `Fault` for tabs in the indentation and a second document.
  static func read(_ text: String) throws(YAMLParser.Fault) -> [YAMLParser.Line] {
    var lines: [YAMLParser.Line] = []
    let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, raw) in all.enumerated() {
      // A byte order mark is no text, but some programs write one.
      let raw = index == 0 && raw.first == "\u{feff}" ? raw.dropFirst() : raw
      let indent = raw.prefix { $0 == " " }.count
      let content = trimmed(withoutComment(Array(raw.dropFirst(indent))))
      if content.isEmpty || content.first == "%" { continue }
      let number = index + 1
      if content.first == "\t" {
        throw YAMLParser.Fault(
          text: "the line is indented by a tab", line: number, hint: "YAML takes spaces only")
      }
      if indent == 0, content == Array("---") {
        guard lines.isEmpty else {
          throw YAMLParser.Fault(
            text: "a second document begins here", line: number,
            hint: "a file of options holds one")
        }
        continue
      }
      if indent == 0, content == Array("...") { break }
      lines.append(YAMLParser.Line(number: number, indent: indent, text: content))
    }
    return lines
  }

  /// A `#` at the beginning or after white space, outside quotes, begins a comment.
  private static func withoutComment(_ text: [Character]) -> [Character] {
    var quote: Character?
    var index = 0
    while index < text.count {
      let character = text[index]
      let startsWord = index == 0 || " \t[{,:".contains(text[index - 1])
      if let open = quote {
        if open == "\"", character == "\\" { index += 1 }
        // Two single quotes stand for one.
        if open == "'", text[index...].starts(with: ["'", "'"]) {
          index += 1
        } else if character == open {
          quote = nil
        }
      } else if character == "#", index == 0 || text[index - 1] == " " || text[index - 1] == "\t" {
        return Array(text[..<index])
      } else if character == "\"" || character == "'", startsWord {
        quote = character
      }
      index += 1
    }
    return text
  }

  private static func trimmed(_ text: [Character]) -> [Character] {
    var end = text.count
    while end > 0, text[end - 1].isWhitespace { end -= 1 }
    return text.prefix { $0 == "\t" }.count == end ? [] : Array(text[..<end])
  }
}
