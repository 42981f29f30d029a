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
    size(descriptor).flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } ?? 80
  }

  /// Lines of the window, now.
  static func height(_ descriptor: Int32) -> Int {
    size(descriptor).flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } ?? 24
  }

  /// Pixels of a letter; nil where the terminal does not say.
  static func cell(_ descriptor: Int32) -> (width: Int, height: Int)? {
    guard let size = size(descriptor), size.ws_col > 0, size.ws_row > 0, size.ws_xpixel > 0,
      size.ws_ypixel > 0
    else { return nil }
    return (Int(size.ws_xpixel) / Int(size.ws_col), Int(size.ws_ypixel) / Int(size.ws_row))
  }

  private static func size(_ descriptor: Int32) -> winsize? {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  /// An environment variable.
  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
