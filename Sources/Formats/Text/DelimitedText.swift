/// Rows of cells in a text: parted by commas, semicolons, tabs or white space, with quotes
/// (RFC 4180) and lines of comment.
struct DelimitedText {
  /// All of one length.
  private(set) var rows: [[String]] = []

  /// - Parameters:
  ///   - delimiter: What parts cells; nil to tell it from the first line.
  ///   - path: For messages.
  /// - Throws: `FormatError` of kind `damaged` where rows differ in length.
  init(_ bytes: [UInt8], delimiter: UInt8?, path: String) throws {
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let delimiter = delimiter ?? DelimitedText.delimiter(bytes[start...])
    var scanner = Scanner(bytes: bytes, position: start, delimiter: delimiter)
    while let row = scanner.row() {
      if row.isEmpty { continue }
      if let width = rows.first?.count, width != row.count {
        throw FormatError.damaged(
          path, "line \(scanner.line) has \(row.count) cells, the first \(width)",
          hint: "give every line the same number of cells")
      }
      rows.append(row)
    }
  }

  /// What parts the cells of the first line that is no comment: the most frequent of tab,
  /// semicolon and comma, else white space.
  static func delimiter(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    let lines = bytes.prefix(1 << 16).split { $0 == 10 || $0 == 13 }
    guard let line = lines.first(where: { $0.first != UInt8(ascii: "#") }) else { return 32 }
    let counts = [9, UInt8(ascii: ";"), UInt8(ascii: ",")].map { mark in
      (mark: mark, count: line.count { $0 == mark })
    }
    let best = counts.max { $0.count < $1.count }
    return best.flatMap { $0.count > 0 ? $0.mark : nil } ?? 32
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position: Int
    let delimiter: UInt8
    private(set) var line = 0

    init(bytes: [UInt8], position: Int, delimiter: UInt8) {
      self.bytes = bytes
      self.position = position
      self.delimiter = delimiter
    }

    /// The next row; empty for a blank line or a comment, nil at the end.
    mutating func row() -> [String]? {
      guard position < bytes.count else { return nil }
      line += 1
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 10 { position += 1 }
        position += 1
        return []
      }
      var cells: [String] = []
      while true {
        cells.append(cell())
        guard position < bytes.count else { break }
        let end = bytes[position]
        position += 1
        if end == 13, position < bytes.count, bytes[position] == 10 { position += 1 }
        if end == 10 || end == 13 { break }
      }
      // White space at a line's end parts nothing.
      if delimiter == 32, cells.count > 1, cells.last == "" { cells.removeLast() }
      return cells == [""] ? [] : cells
    }

    /// The next cell; stops at its delimiter or the line's end.
    private mutating func cell() -> String {
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return plain() }
      position += 1
      var content: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\"") {
          // Two quotes stand for one.
          guard position < bytes.count, bytes[position] == byte else { break }
          position += 1
        }
        if byte == 10 { line += 1 }
        content.append(byte)
      }
      _ = plain()
      return String(decoding: content, as: UTF8.self)
    }

    private mutating func plain() -> String {
      let start = position
      while position < bytes.count, bytes[position] != 10, bytes[position] != 13,
        bytes[position] != delimiter, delimiter != 32 || bytes[position] != 9
      {
        position += 1
      }
      var end = position
      while end > start, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
      if delimiter == 32 { skipBlanksBeforeCell() }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func skipBlanks() {
      while position < bytes.count,
        bytes[position] == 32 || (bytes[position] == 9 && delimiter != 9)
      {
        position += 1
      }
    }

    /// Goes to the last of several blanks, which then parts the cells.
    private mutating func skipBlanksBeforeCell() {
      func isBlank(_ index: Int) -> Bool {
        index < bytes.count && (bytes[index] == 32 || bytes[index] == 9)
      }
      while isBlank(position), isBlank(position + 1) { position += 1 }
    }
  }
}
