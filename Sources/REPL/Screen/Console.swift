import Glibc
import Lang

/// The two streams that the program writes to, and the lines of progress below them.
final class Console {
  /// Whether colours and a progress bar may be written to standard error.
  let isStyled = Terminal.takesControlCodes(STDERR_FILENO)
  private var status: [String] = []

  /// Exit status of a program that a closed pipe ended, as shells report it.
  private static let brokenPipe: Int32 = 128 + SIGPIPE

  var output: Output { Output(text: text, note: note) }

  /// Results. Leaves the program where nobody can get them: quietly where the reader went away.
  func text(_ text: String) {
    eraseStatus()
    let error = write(text, to: STDOUT_FILENO)
    if error == 0 { return }
    if error == EPIPE { exit(Console.brokenPipe) }
    show([Diagnostic("cannot write to standard output: \(String(cString: strerror(error)))")])
    exit(Program.Status.failure)
  }

  /// Notes and errors; a standard error that is gone is no reason to stop the work.
  func note(_ text: String) {
    eraseStatus()
    _ = write(text, to: STDERR_FILENO)
  }

  func show(_ diagnostics: [Diagnostic]) {
    note(diagnostics.map { $0.rendered(color: isStyled) }.joined())
  }

  /// Puts lines in the place of the last ones; only where `isStyled`. Each fits the window.
  func draw(status lines: [String]) {
    guard isStyled, lines != status else { return }
    let text = lines.map { $0 + Console.eraseLine }.joined(separator: "\n")
    // A panel that became lower leaves nothing of itself behind.
    let below = lines.count < status.count ? Console.eraseBelow : ""
    _ = write(backToStatus + text + below, to: STDERR_FILENO)
    status = lines
  }

  func eraseStatus() {
    guard !status.isEmpty else { return }
    _ = write(backToStatus + Console.eraseBelow, to: STDERR_FILENO)
    status = []
  }

  /// To the beginning of the first line of progress.
  private var backToStatus: String {
    status.count > 1 ? "\r\u{1b}[\(status.count - 1)A" : "\r"
  }

  private static let eraseLine = "\u{1b}[K"
  private static let eraseBelow = "\u{1b}[J"

  /// - Returns: 0, or the error number.
  private func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(bytes)[written...]
        let count = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}
