import TensorEngine

/// Pictures that cannot be made or written.
public struct GraphicsError: Explained {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
