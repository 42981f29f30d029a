import TensorEngine

/// What cannot be denoised, trained or predicted as asked, with the remedy.
public struct DenoiseError: Explained {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
