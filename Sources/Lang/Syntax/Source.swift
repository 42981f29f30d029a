/// Text to run: a file, a line typed at the prompt, or the text of `-c`.
public final class Source: Sendable {
  /// As diagnostics show it: `first.dn`, `<prompt>`.
  public let name: String
  let bytes: [UInt8]
  /// Offset of the first byte of each line.
  let lineStarts: [Int]

  /// Longest text that is read as a script.
  public static let longest = 64 << 20

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  public convenience init(_ text: String, name: String = "<prompt>") {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text of a stretch; invalid UTF-8 is shown as U+FFFD.
  func text(_ span: Span) -> String {
    let start = min(max(0, span.start), bytes.count)
    let end = min(max(start, span.end), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The end of a statement with what belongs to it on its line: a `;` and a comment.
  func endOfStatement(_ end: Int) -> Int {
    var end = end
    func skipBlanks(from start: Int) -> Int {
      var place = start
      while place < bytes.count, bytes[place] == 32 || bytes[place] == 9 { place += 1 }
      return place
    }
    var next = skipBlanks(from: end)
    if next < bytes.count, bytes[next] == UInt8(ascii: ";") {
      end = next + 1
      next = skipBlanks(from: end)
    }
    guard next < bytes.count, bytes[next] == UInt8(ascii: "#") else { return end }
    while next < bytes.count, bytes[next] != UInt8(ascii: "\n") { next += 1 }
    return next
  }

  /// Line of an offset, counted from zero.
  func line(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a line, without its end.
  func span(ofLine line: Int) -> Span {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, end)
  }
}

/// A stretch of bytes of a source.
struct Span: Equatable, Sendable {
  var start: Int
  var end: Int

  init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// From the beginning of this one to the end of the other.
  func through(_ other: Span) -> Span { Span(start, max(end, other.end)) }
}

/// A stretch of a named source: what a diagnostic underlines.
public struct Place: Sendable {
  public let source: Source
  let span: Span

  /// Line of the first character, counted from one.
  public var line: Int { source.line(of: span.start) + 1 }
  /// Column of the first character, counted in characters from one.
  public var column: Int {
    let start = source.lineStarts[line - 1]
    return source.text(Span(start, span.start)).count + 1
  }
  /// What stands there.
  public var text: String { source.text(span) }
  /// `first.dn:7:19`
  public var description: String { "\(source.name):\(line):\(column)" }
}
