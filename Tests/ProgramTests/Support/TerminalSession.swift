import CPseudoTerminal
import Foundation
import Testing

/// The program at a terminal: keys go in, and what a user would see is waited for.
final class TerminalSession {
  struct NotSeen: Error, CustomStringConvertible {
    let awaited: String
    let screen: String
    var description: String {
      "waited for \(awaited.debugDescription), saw \(screen.debugDescription)"
    }
  }

  private let terminal: Int32
  private var process: pid_t = 0
  private var isOver = false
  /// Everything that was written to the terminal, control codes included.
  private(set) var raw = ""
  /// How much of the visible text has been waited for.
  private var seen = 0

  init(
    _ words: [String] = [], in folder: Scratch, columns: Int32 = 100, rows: Int32 = 30,
    environment: [String: String] = [:]
  ) throws {
    var process: pid_t = 0
    terminal = Dn.withStart(Dn.path, words, environment, folder.path) { start in
      dn_terminal_open(&start, columns, rows, &process)
    }
    self.process = process
    guard terminal >= 0 else { throw NotSeen(awaited: "a terminal", screen: "") }
  }

  deinit {
    if !isOver {
      kill(process, SIGKILL)
      _ = dn_wait(process, 10)
    }
    close(terminal)
  }

  /// The number of the process, for signals.
  var processNumber: pid_t { process }

  func send(_ keys: String) {
    let bytes = Array(keys.utf8CString.dropLast())
    _ = dn_terminal_write(terminal, bytes, bytes.count)
  }

  /// Waits for a text behind what was waited for before.
  ///
  /// - Returns: what was seen before it.
  @discardableResult
  func expect(_ text: String) throws -> String {
    let deadline = Date().addingTimeInterval(Double(Dn.patience))
    while true {
      let visible = visible
      let rest = visible.dropFirst(seen)
      if let range = rest.range(of: text) {
        seen = visible.distance(from: visible.startIndex, to: range.upperBound)
        return String(rest[..<range.lowerBound])
      }
      guard Date() < deadline, read() else {
        throw NotSeen(awaited: text, screen: String(rest))
      }
    }
  }

  /// Types a statement at a prompt that stands ready, and waits for the next prompt.
  ///
  /// - Returns: what was seen in between.
  @discardableResult
  func run(_ statement: String) throws -> String {
    send(statement + "\r")
    try expect("\r\n")
    return try expect("dn> ")
  }

  /// Reads to the end and gives back the exit status.
  func end() -> Int32 {
    let deadline = Date().addingTimeInterval(Double(Dn.patience))
    while Date() < deadline, read() {}
    isOver = true
    return dn_wait(process, Dn.patience)
  }

  func resize(columns: Int32, rows: Int32) { dn_terminal_resize(terminal, columns, rows) }

  /// The text without control codes.
  private var visible: String {
    raw.replacingOccurrences(
      of: "\u{1b}\\[\\?2004l\r|\u{1b}\\[[0-9;?]*[ -/]*[@-~]|\u{1b}[=>]|\u{07}", with: "",
      options: .regularExpression)
  }

  /// - Returns: whether something came, or may still come.
  private func read() -> Bool {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = dn_terminal_read(terminal, &buffer, buffer.count, 1000)
    guard count > 0 else { return count < 0 }
    raw += String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return true
  }
}
