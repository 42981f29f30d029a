import TensorEngine

/// What went wrong with a file, in the user's words, with the remedy.
public struct FormatError: Explained, Equatable {
  /// The kinds of trouble a caller may want to tell apart.
  public enum Kind: Sendable {
    /// No such file or folder.
    case missing
    /// A folder, or a device, stands where a file is wanted.
    case notAFile
    /// The system does not let the user read or write there.
    case denied
    /// The file to be written is there already.
    case exists
    /// The content contradicts itself, its checksums, or ends too early.
    case damaged
    /// Sound content that is not offered, such as complex numbers.
    case unsupported
    /// More memory, or disk, than there is.
    case tooLarge
    /// No format knows the content or the ending.
    case unknown
    /// An option or region that does not fit the file.
    case badRequest
    /// Anything else the system reported.
    case system
  }

  public let kind: Kind
  public let message: String
  public let hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// A file whose bytes cannot be right; `fault` says how.
  static func damaged(_ path: String, _ fault: String, hint: String? = nil) -> FormatError {
    FormatError(
      .damaged, "\"\(path)\" is damaged: \(fault)",
      hint: hint ?? "copy or download the file again")
  }

  /// Sound content that is not offered.
  static func unsupported(_ path: String, _ what: String, hint: String? = nil) -> FormatError {
    FormatError(.unsupported, "\"\(path)\" holds \(what)", hint: hint)
  }
}
