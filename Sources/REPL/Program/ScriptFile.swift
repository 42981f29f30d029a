import Glibc
import Lang
import TensorEngine

/// Reads the bytes of scripts, and refuses what cannot be one.
enum ScriptFile {
  /// - Throws: `ProgramError` where it cannot be read, is a folder, too long, or no text;
  ///   `Interrupted` for Ctrl-C while waiting for a pipe.
  static func read(_ path: String) throws -> [UInt8] {
    guard !path.isEmpty, !path.contains("\0") else {
      throw ProgramError("\"\(path)\" is no file name")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, name: path)
  }

  static func read(descriptor: Int32, name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 {
        guard errno == EINTR else { throw failure(name, errno) }
        try Interrupt.check()
        continue
      }
      if count == 0 { break }
      bytes += piece[..<count]
      guard bytes.count <= Source.longest else {
        throw ProgramError(
          "\"\(name)\" is longer than \(Source.longest >> 20) MB, too long for a script")
      }
      guard !bytes.prefix(1 << 12).contains(0) else {
        throw ProgramError(
          "\"\(name)\" is no text and cannot be a script",
          hint: "data is read with `load \"\(name)\"`")
      }
    }
    return bytes
  }

  private static func failure(_ path: String, _ number: Int32) -> ProgramError {
    switch number {
    case ENOENT, ENOTDIR:
      ProgramError(
        "there is no file \"\(path)\"",
        hint: path.contains(".") || path.contains("/")
          ? "`dn --help` tells how dn is called"
          : "commands are given at the prompt or as `dn -c '\(path) …'`; `dn --help` tells more")
    case EISDIR:
      ProgramError("\"\(path)\" is a folder, not a script", hint: "name a file inside it")
    case EACCES, EPERM: ProgramError("no permission to read \"\(path)\"")
    default: ProgramError("cannot read \"\(path)\": \(String(cString: strerror(number)))")
    }
  }
}
