/// Reads the part of YAML 1.2 that files of options are written in: nested block maps and lists,
/// flow collections, scalars with and without quotes, comments, one document.
///
/// Anchors, tags and block scalars are refused by name rather than misread.
struct YAMLParser {
  /// What is wrong with a text, and the line where.
  struct Fault: Error {
    let text: String
    let line: Int
    var hint: String?
  }

  /// A line with something on it.
  struct Line {
    let number: Int
    /// Columns of white space before the text.
    var indent: Int
    /// Without indentation, comment and white space at the end.
    var text: [Character]

    var isItem: Bool { text == ["-"] || text.starts(with: ["-", " "]) }
  }

  static let depthLimit = 100

  private var lines: [Line]
  private var next = 0

  /// - Returns: An empty record for an empty text.
  /// - Throws: `Fault`.
  static func parse(_ text: String) throws(Fault) -> JSON {
    var parser = YAMLParser(lines: try YAMLLines.read(text))
    guard let first = parser.line else { return .object([]) }
    let value = try parser.block(depth: 0)
    if let rest = parser.line {
      throw Fault(
        text: rest.indent > first.indent
          ? "this is indented more than the lines around it"
          : "this does not belong to what is above",
        line: rest.number, hint: "lines of one map or list begin in the same column")
    }
    return value
  }

  private init(lines: [Line]) { self.lines = lines }

  private var line: Line? { next < lines.count ? lines[next] : nil }

  /// The map, list or scalar that begins at the next line.
  private mutating func block(depth: Int) throws(Fault) -> JSON {
    guard let line else { return .null }
    guard depth < YAMLParser.depthLimit else {
      throw Fault(text: "this is nested too deeply", line: line.number)
    }
    if line.isItem { return try list(indent: line.indent, depth: depth) }
    if try YAMLScanner.key(of: line) != nil { return try map(indent: line.indent, depth: depth) }
    next += 1
    return try scalar(line.text, line)
  }

  private mutating func list(indent: Int, depth: Int) throws(Fault) -> JSON {
    var items: [JSON] = []
    while let line, line.indent == indent, line.isItem {
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        next += 1
        items.append(try nested(under: indent, depth: depth))
      } else {
        // What follows the dash is a block of its own, in its own column.
        lines[next].indent = indent + line.text.count - rest.count
        lines[next].text = Array(rest)
        items.append(try block(depth: depth + 1))
      }
    }
    return .array(items)
  }

  private mutating func map(indent: Int, depth: Int) throws(Fault) -> JSON {
    var members: [JSON.Member] = []
    while let line, line.indent == indent, !line.isItem {
      guard let (name, rest) = try YAMLScanner.key(of: line) else {
        throw Fault(
          text: "`name: value` is missing here", line: line.number,
          hint: "a colon and a space stand between a name and its value")
      }
      guard !members.contains(where: { $0.name == name }) else {
        throw Fault(text: "`\(name)` is given twice", line: line.number)
      }
      next += 1
      let value: JSON
      if !rest.isEmpty {
        value = try scalar(rest, line)
      } else if let below = self.line, below.indent == indent, below.isItem {
        // A list may stand in the column of its name.
        value = try list(indent: indent, depth: depth + 1)
      } else {
        value = try nested(under: indent, depth: depth)
      }
      members.append(JSON.Member(name: name, value: value))
    }
    return .object(members)
  }

  /// What is indented more than `indent`, or null where nothing is.
  private mutating func nested(under indent: Int, depth: Int) throws(Fault) -> JSON {
    guard let line, line.indent > indent else { return .null }
    return try block(depth: depth + 1)
  }

  /// A scalar or flow collection; brackets may be closed on a later line.
  private mutating func scalar(_ text: [Character], _ line: Line) throws(Fault) -> JSON {
    var text = text
    while YAMLScanner.isOpen(text), let more = self.line {
      text += [" "] + more.text
      next += 1
    }
    var scanner = YAMLScanner(text, line: line.number)
    return try scanner.whole()
  }
}
