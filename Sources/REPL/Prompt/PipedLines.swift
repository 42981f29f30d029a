import Glibc
import Lang
import TensorEngine

/// The lines of a standard input that is no terminal, each as soon as it is there.
struct PipedLines {
  private var bytes: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  /// Up to where no line end was found.
  private var searched = 0
  private var isAtEnd = false

  /// The next line without its end; nil behind the last.
  ///
  /// - Throws: `Interrupted` for Ctrl-C, `ProgramError` where reading fails or a line is too long.
  mutating func next() throws -> String? {
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: end)
      }
      searched = bytes.count
      if isAtEnd { return start < bytes.count ? take(upTo: bytes.count) : nil }
      guard bytes.count - start <= Source.longest else {
        throw ProgramError("a line is longer than \(Source.longest >> 20) MB")
      }
      try readMore()
    }
  }

  private mutating func take(upTo end: Int) -> String {
    let line = String(decoding: bytes[start..<end], as: UTF8.self)
    start = min(end + 1, bytes.count)
    searched = start
    return line
  }

  private mutating func readMore() throws {
    bytes.removeFirst(start)
    searched -= start
    start = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &piece, piece.count)
      if count >= 0 {
        bytes += piece[..<count]
        isAtEnd = count == 0
        return
      }
      guard errno == EINTR else {
        throw ProgramError("cannot read standard input: \(String(cString: strerror(errno)))")
      }
      try Interrupt.check()
    }
  }
}
