import Commands
import Glibc

/// Finds out how a terminal takes pictures: from what it says of itself in the environment, or by
/// asking it.
enum TerminalPictures {
  /// Seconds to wait for an answer.
  private static let patience = 0.5

  static func detected() -> Screen.PictureProtocol {
    if let named = Terminal.variable("DN_PICTURES").flatMap(Screen.PictureProtocol.init) {
      return named
    }
    let program = [Terminal.variable("TERM_PROGRAM"), Terminal.variable("LC_TERMINAL")]
    if program.contains("iTerm.app") || program.contains("iTerm2") || program.contains("WezTerm") {
      return .iterm
    }
    guard Terminal.isTerminal(STDIN_FILENO) else { return .text }
    let answer = ask()
    if answer.contains("_Gi=31;OK") { return .kitty }
    return hasSixel(answer) ? .sixel : .text
  }

  /// Whether the attributes `ESC [ ? 63 ; 1 ; 4 c` name sixels, which are number 4.
  static func hasSixel(_ answer: String) -> Bool {
    guard let start = answer.range(of: "\u{1b}[?") else { return false }
    let attributes = answer[start.upperBound...].prefix { $0 != "c" }
    return attributes.split(separator: ";").dropFirst().contains("4")
  }

  /// A question to kitty, and one that every terminal answers, so that the wait is short.
  private static func ask() -> String {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return "" }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return "" }
    defer { _ = tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    let question = Array("\u{1b}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1b}\\\u{1b}[c".utf8)
    guard write(STDOUT_FILENO, question, question.count) == question.count else { return "" }
    var answer: [UInt8] = []
    let end = ContinuousClock.now + .seconds(patience)
    while ContinuousClock.now < end, answer.count < 512 {
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, 50) > 0 else { continue }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
      answer.append(byte)
      if byte == UInt8(ascii: "c"), answer.contains(UInt8(ascii: "?")) { break }
    }
    return String(decoding: answer, as: UTF8.self)
  }
}

extension String {
  /// Where a text first stands.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    let wanted = Array(text.unicodeScalars)
    var start = startIndex
    while start < endIndex {
      let here = unicodeScalars[start...].prefix(wanted.count)
      if Array(here) == wanted { return start..<here.endIndex }
      start = unicodeScalars.index(after: start)
    }
    return nil
  }

  fileprivate func contains(_ text: String) -> Bool { range(of: text) != nil }
}
