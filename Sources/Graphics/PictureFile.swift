import Glibc

/// The kinds of picture files that figures are written as, told by the ending of the name.
public enum PictureKind: String, Sendable, CaseIterable {
  case png, svg

  /// - Throws: `GraphicsError` where the ending is neither.
  public init(path: String) throws {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    guard let kind = ending.flatMap(PictureKind.init(rawValue:)) else {
      throw GraphicsError(
        "cannot tell from the name \"\(path)\" which kind of picture to write",
        hint: "give it the ending .png or .svg")
    }
    self = kind
  }
}

/// A picture that can be drawn as PNG and as SVG by the same code.
public protocol Figure {
  /// The bytes of the picture's file; the same bytes for the same figure.
  ///
  /// - Throws: `GraphicsError`.
  func encoded(as kind: PictureKind) throws -> [UInt8]
}

extension Figure {
  /// Draws the figure into a file, whose ending tells the kind. A file of that name is replaced.
  ///
  /// - Throws: `GraphicsError` where the ending is not known, or the file cannot be written; then
  ///   what stood there before is untouched.
  public func write(to path: String) throws {
    let kind = try PictureKind(path: path)
    try PictureFile.replace(path, with: encoded(as: kind))
  }
}

/// Writing a whole file at once: beside its place, then renamed into it.
public enum PictureFile {
  /// - Throws: `GraphicsError` naming the path and what the system said.
  public static func replace(_ path: String, with bytes: [UInt8]) throws {
    let beside = "\(path).\(getpid()).part"
    let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(path, errno) }
    do {
      try write(bytes, to: file, path)
      guard close(file) == 0 else { throw failure(path, errno) }
      guard rename(beside, path) == 0 else { throw failure(path, errno) }
    } catch {
      unlink(beside)
      throw error
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(file)
        throw failure(path, code)
      }
      done += count
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> GraphicsError {
    let reason = String(cString: strerror(code))
    let hint: String? =
      switch code {
      case ENOENT: "make the folder first"
      case EISDIR, ENOTEMPTY, EEXIST: "a folder stands in its place; choose another name"
      case EACCES, EPERM, EROFS: "choose a folder that you may write to"
      case ENOSPC, EDQUOT: "free some room on the disk"
      default: nil
      }
    return GraphicsError("cannot write \"\(path)\": \(reason)", hint: hint)
  }
}
