import Glibc
import TensorEngine

/// What the process needs before anything else.
enum Startup {
  static func prepare() {
    holdStandardDescriptors()
    // A reader that went away is seen when writing to it fails.
    signal(SIGPIPE, SIG_IGN)
    // Letters for the line editor; numbers keep their points.
    if setlocale(LC_CTYPE, "") == nil || isPlainASCII { setlocale(LC_CTYPE, "C.UTF-8") }
    Interrupt.install()
  }

  private static var isPlainASCII: Bool {
    guard let codes = nl_langinfo(Int32(CODESET)) else { return true }
    return String(cString: codes).hasPrefix("ANSI_X3.4")
  }

  /// Where a shell closed one of the three, a file that is opened would take its place and get
  /// what is printed.
  private static func holdStandardDescriptors() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
  }
}
