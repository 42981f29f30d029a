import Glibc

/// What the operating system said, turned into a `FormatError`.
enum SystemError {
  /// The last error number of this thread.
  static var number: Int32 { errno }

  /// A failed attempt to read `path`.
  static func reading(_ path: String, _ number: Int32) -> FormatError {
    switch number {
    case ENOENT:
      if path.isEmpty { return FormatError(.missing, "the file name is empty") }
      return FormatError(
        .missing, "there is no file \"\(path)\"", hint: NearbyFile.hint(for: path))
    case ENOTDIR:
      return FormatError(
        .missing, "there is no file \"\(path)\"",
        hint: "a part of the path is a file, not a folder")
    case EISDIR:
      return FormatError(
        .notAFile, "\"\(path)\" is a folder, not a file", hint: "name a file inside it")
    case EACCES, EPERM:
      return FormatError(
        .denied, "no permission to read \"\(path)\"", hint: "ask its owner, or use a copy")
    default:
      return FormatError(.system, "cannot read \"\(path)\": \(text(number))")
    }
  }

  /// A failed attempt to write `path`.
  static func writing(_ path: String, _ number: Int32) -> FormatError {
    switch number {
    case ENOENT, ENOTDIR:
      let folder = PathName(path).folder
      return FormatError(
        .missing, "cannot write \"\(path)\": there is no folder \"\(folder)\"",
        hint: "make the folder first, or write elsewhere")
    case EISDIR:
      return FormatError(
        .notAFile, "\"\(path)\" is a folder, not a file", hint: "name a file inside it")
    case EACCES, EPERM, EROFS:
      return FormatError(
        .denied, "no permission to write \"\(path)\"", hint: "write to a folder of your own")
    case ENOSPC, EDQUOT, EFBIG:
      return FormatError(
        .tooLarge, "the disk is full: \"\(path)\" was not written",
        hint: "free some space, or write to another disk")
    case ENAMETOOLONG:
      return FormatError(.badRequest, "the file name \"\(path)\" is too long")
    default:
      return FormatError(.system, "cannot write \"\(path)\": \(text(number))")
    }
  }

  private static func text(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    _ = strerror_r(number, &buffer, buffer.count)
    let message = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return message.isEmpty ? "error \(number)" : String(decoding: message, as: UTF8.self)
  }
}
