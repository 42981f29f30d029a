import TensorEngine

/// Wrong use of the program, or a file that is no script.
struct ProgramError: Explained {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
