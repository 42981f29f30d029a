import TensorEngine

/// Data or settings that a mask, measure, network or denoiser cannot work with.
public struct DenoiseError: Explained {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
