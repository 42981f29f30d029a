/// Markdown as HTML: headings, paragraphs, lists, tables, quotes, code, emphasis, links, pictures;
/// what prose cells are written in. HTML inside is shown as text.
public enum Markdown {
  public static func html(_ text: String) -> String {
    var blocks = MarkdownBlocks(
      text.split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init))
    return blocks.html()
  }

  /// The first heading of a text, without its marks.
  public static func title(of text: String) -> String? {
    text.split(separator: "\n").first { $0.hasPrefix("#") }
      .map { String($0.drop { $0 == "#" }.drop { $0 == " " }) }
  }
}

/// Lines on their way into blocks.
private struct MarkdownBlocks {
  private let lines: [String]
  private var next = 0

  init(_ lines: [String]) { self.lines = lines }

  mutating func html() -> String {
    var result = ""
    while next < lines.count {
      let line = lines[next]
      if line.allSatisfy(\.isWhitespace) {
        next += 1
      } else if let level = heading(line) {
        next += 1
        let text = line.drop { $0 == "#" }.drop { $0 == " " }
        result += "<h\(level)>\(MarkdownLine.html(String(text)))</h\(level)>\n"
      } else if line.hasPrefix("```") {
        result += fence()
      } else if line.hasPrefix(">") {
        result += quote()
      } else if isRule(line) {
        next += 1
        result += "<hr>\n"
      } else if item(line) != nil {
        result += list(indent: indent(line))
      } else if line.contains("|"), next + 1 < lines.count, isTableRule(lines[next + 1]) {
        result += table()
      } else {
        result += paragraph()
      }
    }
    return result
  }

  private func heading(_ line: String) -> Int? {
    let level = line.prefix { $0 == "#" }.count
    return (1...6).contains(level) && line.dropFirst(level).first == " " ? level : nil
  }

  private func isRule(_ line: String) -> Bool {
    let marks = line.filter { $0 != " " }
    return marks.count >= 3 && (marks.allSatisfy { $0 == "-" } || marks.allSatisfy { $0 == "*" })
  }

  private mutating func fence() -> String {
    next += 1
    var code: [String] = []
    while next < lines.count, !lines[next].hasPrefix("```") {
      code.append(lines[next])
      next += 1
    }
    next += 1
    return "<pre><code>\(HTMLText.escaped(code.joined(separator: "\n")))</code></pre>\n"
  }

  private mutating func quote() -> String {
    var inner: [String] = []
    while next < lines.count, lines[next].hasPrefix(">") {
      inner.append(String(lines[next].dropFirst(lines[next].hasPrefix("> ") ? 2 : 1)))
      next += 1
    }
    var blocks = MarkdownBlocks(inner)
    return "<blockquote>\n\(blocks.html())</blockquote>\n"
  }

  private func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  /// The text of a list's item, and whether the list is numbered.
  private func item(_ line: String) -> (text: String, isNumbered: Bool)? {
    let text = line.drop { $0 == " " }
    for mark in ["- ", "* ", "+ "] where text.hasPrefix(mark) {
      return (String(text.dropFirst(2)), false)
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    guard !digits.isEmpty, digits.count < 10, rest.hasPrefix(". ") || rest.hasPrefix(") ") else {
      return nil
    }
    return (String(rest.dropFirst(2)), true)
  }

  private mutating func list(indent depth: Int) -> String {
    let isNumbered = item(lines[next])?.isNumbered ?? false
    var items: [String] = []
    while next < lines.count, let found = item(lines[next]), indent(lines[next]) == depth,
      found.isNumbered == isNumbered
    {
      next += 1
      var text = found.text
      var inner = ""
      while next < lines.count, indent(lines[next]) > depth,
        !lines[next].allSatisfy(\.isWhitespace)
      {
        if item(lines[next]) != nil {
          inner += list(indent: indent(lines[next]))
        } else {
          text += " " + lines[next].drop { $0 == " " }
          next += 1
        }
      }
      items.append("<li>\(MarkdownLine.html(text))\(inner.isEmpty ? "" : "\n" + inner)</li>\n")
    }
    let tag = isNumbered ? "ol" : "ul"
    return "<\(tag)>\n\(items.joined())</\(tag)>\n"
  }

  private func isTableRule(_ line: String) -> Bool {
    line.contains("-") && line.allSatisfy { "|-: ".contains($0) }
  }

  private func cells(_ line: String) -> [String] {
    var text = line.trimmingBlanks[...]
    if text.hasPrefix("|") { text = text.dropFirst() }
    if text.hasSuffix("|") { text = text.dropLast() }
    return text.split(separator: "|", omittingEmptySubsequences: false)
      .map { MarkdownLine.html(String($0).trimmingBlanks) }
  }

  private mutating func table() -> String {
    var text = "<table>\n<tr>"
    text += cells(lines[next]).map { "<th>\($0)</th>" }.joined() + "</tr>\n"
    next += 2
    while next < lines.count, lines[next].contains("|") {
      text += "<tr>" + cells(lines[next]).map { "<td>\($0)</td>" }.joined() + "</tr>\n"
      next += 1
    }
    return text + "</table>\n"
  }

  private mutating func paragraph() -> String {
    var words: [String] = []
    while next < lines.count {
      let line = lines[next]
      let begins =
        heading(line) != nil || line.hasPrefix("```") || line.hasPrefix(">") || item(line) != nil
      if line.allSatisfy(\.isWhitespace) || (begins && !words.isEmpty) { break }
      words.append(line)
      next += 1
    }
    return "<p>\(MarkdownLine.html(words.joined(separator: "\n")))</p>\n"
  }
}

/// Marks inside a line.
private enum MarkdownLine {
  static func html(_ text: String) -> String {
    let letters = Array(text)
    var result = ""
    var index = 0
    while index < letters.count {
      if let (piece, end) = piece(letters, at: index) {
        result += piece
        index = end
      } else {
        result += HTMLText.escaped(String(letters[index]))
        index += 1
      }
    }
    return result
  }

  /// A marked piece that begins at an index, and where it ends.
  private static func piece(_ letters: [Character], at index: Int) -> (String, Int)? {
    switch letters[index] {
    case "\\":
      guard index + 1 < letters.count, letters[index + 1].isPunctuation else { return nil }
      return (HTMLText.escaped(String(letters[index + 1])), index + 2)
    case "`":
      guard let end = find("`", in: letters, from: index + 1) else { return nil }
      return (
        "<code>\(HTMLText.escaped(String(letters[(index + 1)..<end])))</code>", end + 1
      )
    case "*", "_": return emphasis(letters, at: index)
    case "!" where index + 1 < letters.count && letters[index + 1] == "[":
      guard let (text, target, end) = link(letters, at: index + 1) else { return nil }
      return (
        "<img alt=\"\(HTMLText.escaped(text))\" src=\"\(HTMLText.escaped(target))\">", end
      )
    case "[":
      guard let (text, target, end) = link(letters, at: index) else { return nil }
      return ("<a href=\"\(HTMLText.escaped(target))\">\(html(text))</a>", end)
    default: return nil
    }
  }

  private static func emphasis(_ letters: [Character], at index: Int) -> (String, Int)? {
    let mark = letters[index]
    // An underscore inside a word is a part of it.
    if mark == "_", index > 0, letters[index - 1].isLetter || letters[index - 1].isNumber {
      return nil
    }
    let isStrong = index + 1 < letters.count && letters[index + 1] == mark
    let start = index + (isStrong ? 2 : 1)
    guard start < letters.count, !letters[start].isWhitespace else { return nil }
    var end = start
    while let found = find(mark, in: letters, from: end) {
      let isDouble = found + 1 < letters.count && letters[found + 1] == mark
      if found > start, !letters[found - 1].isWhitespace, isDouble == isStrong || !isStrong {
        let tag = isStrong ? "strong" : "em"
        let inner = html(String(letters[start..<found]))
        return ("<\(tag)>\(inner)</\(tag)>", found + (isStrong ? 2 : 1))
      }
      end = found + 1
    }
    return nil
  }

  /// `[text](target)`; targets that would run something are no links.
  private static func link(_ letters: [Character], at index: Int) -> (String, String, Int)? {
    guard let close = find("]", in: letters, from: index + 1), close + 1 < letters.count,
      letters[close + 1] == "(", let end = find(")", in: letters, from: close + 2)
    else { return nil }
    let target = String(letters[(close + 2)..<end])
    let scheme = target.prefix { $0.isLetter }
    let hasScheme = target.dropFirst(scheme.count).first == ":"
    guard !hasScheme || ["http", "https", "mailto"].contains(scheme.lowercased()) else {
      return nil
    }
    return (String(letters[(index + 1)..<close]), target, end + 1)
  }

  private static func find(_ mark: Character, in letters: [Character], from start: Int) -> Int? {
    guard start < letters.count else { return nil }
    return letters[start...].firstIndex(of: mark)
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    let front = drop { $0 == " " }
    return String(front.reversed().drop { $0 == " " }.reversed())
  }
}
