import Glibc

/// What is known of the terminal that a stream may be.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// TERM=dumb: a terminal that understands no control codes.
  static var isDumb: Bool { variable("TERM").map { $0 == "dumb" } ?? true }

  /// Whether colours and control codes may be written to a stream.
  static func takesControlCodes(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && !isDumb && (variable("NO_COLOR") ?? "").isEmpty
  }

  /// Letters in a line, now: a window may change its size.
  static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// An environment variable.
  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
