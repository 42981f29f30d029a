import TensorEngine

/// Something that the language cannot do with the values given.
public struct LangError: Explained {
  public let message: String
  public let hint: String?
  /// The argument or option of the running command that is to be underlined.
  public let argument: String?

  public init(_ message: String, hint: String? = nil, argument: String? = nil) {
    self.message = message
    self.hint = hint
    self.argument = argument
  }
}

/// Thrown to leave the program: `quit`.
public struct Quit: Error {
  /// Exit status of the program.
  public let status: Int32
  public init(status: Int32 = 0) { self.status = status }
}
