import Glibc

/// What was typed at the prompt, kept between sessions.
///
/// Every statement is appended as soon as it is typed, in one write, so that two sessions at once
/// do not lose each other's. A line break inside a statement is kept as `\` and a line break.
struct HistoryFile {
  /// nil: nothing is kept.
  private let path: String?
  private var newest: String?

  /// Bytes at the end of the file that are read.
  private static let longest = 1 << 20

  /// `$DN_HISTORY`, or else `dn/history` in `$XDG_STATE_HOME` or `~/.local/state`.
  init() {
    path = HistoryFile.place
  }

  private static var place: String? {
    if let named = Terminal.variable("DN_HISTORY") { return named.isEmpty ? nil : named }
    if let state = Terminal.variable("XDG_STATE_HOME"), state.hasPrefix("/") {
      return state + "/dn/history"
    }
    guard let home = Terminal.variable("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/dn/history"
  }

  /// Statements of earlier sessions, the oldest first.
  mutating func lines() -> [String] {
    guard let path else { return [] }
    let statements = HistoryFile.statements(in: HistoryFile.tail(of: path))
    newest = statements.last
    return statements
  }

  /// Keeps a statement; silently not where the file cannot be written, since no work depends on it.
  ///
  /// - Returns: whether it is new: not blank, not the one before again.
  mutating func append(_ statement: String) -> Bool {
    guard statement != newest, statement.contains(where: { !$0.isWhitespace }) else { return false }
    newest = statement
    if let path { HistoryFile.write(HistoryFile.entry(statement), to: path) }
    return true
  }

  private static func write(_ entry: String, to path: String) {
    makeFolders(above: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(entry.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }

  /// A statement as the file holds it. A `\` at its very end gets a space, or it would join the
  /// statement to the next one.
  static func entry(_ statement: String) -> String {
    let joined = statement.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\\\n")
    return joined + (joined.hasSuffix("\\") ? " \n" : "\n")
  }

  static func statements(in text: String) -> [String] {
    var result: [String] = []
    var begun = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasSuffix("\\") {
        begun += line.dropLast() + "\n"
      } else {
        let statement = begun + line
        if !statement.isEmpty { result.append(statement) }
        begun = ""
      }
    }
    return result
  }

  /// The end of the file, from the beginning of a line.
  private static func tail(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    let start = max(0, size - longest)
    lseek(descriptor, start, SEEK_SET)
    var bytes = [UInt8](repeating: 0, count: max(0, size - start))
    var filled = 0
    while filled < bytes.count {
      let rest = bytes.count - filled
      let count = bytes[filled...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, rest) }
      if count <= 0 { break }
      filled += count
    }
    let text = bytes[..<filled].filter { $0 != 0 }
    let whole = start == 0 ? text[...] : text.drop { $0 != UInt8(ascii: "\n") }
    return String(decoding: whole, as: UTF8.self)
  }

  private static func makeFolders(above path: String) {
    for (index, letter) in zip(path.indices, path) where letter == "/" && index > path.startIndex {
      mkdir(String(path[..<index]), 0o700)
    }
  }
}
