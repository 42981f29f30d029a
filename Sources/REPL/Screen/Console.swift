import Glibc
import Lang

/// The two streams that the program writes to, and the line of progress below them.
final class Console {
  /// Whether colours and a progress bar may be written to standard error.
  let isStyled = Terminal.takesControlCodes(STDERR_FILENO)
  private var status = ""

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

  /// Puts a line in the place of the last one; only where `isStyled`.
  func draw(status line: String) {
    guard isStyled, line != status else { return }
    status = line
    _ = write("\r" + line + Console.eraseToEnd, to: STDERR_FILENO)
  }

  func eraseStatus() {
    guard !status.isEmpty else { return }
    status = ""
    _ = write("\r" + Console.eraseToEnd, to: STDERR_FILENO)
  }

  private static let eraseToEnd = "\u{1b}[K"

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
