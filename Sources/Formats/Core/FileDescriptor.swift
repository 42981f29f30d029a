import Glibc

/// An open file that closes itself; reads by position.
final class FileDescriptor {
  let number: Int32
  /// Length in bytes.
  let size: Int

  /// - Throws: `FormatError` where `path` is missing, a folder, a device or not readable.
  init(reading path: String) throws {
    // Not blocking, or opening a pipe would wait for its other end.
    number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if number < 0 { throw SystemError.reading(path, SystemError.number) }
    var status = stat()
    let failed = fstat(number, &status) != 0 ? SystemError.number : 0
    size = Int(status.st_size)
    // From here on `deinit` closes the file.
    if failed != 0 { throw SystemError.reading(path, failed) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw SystemError.reading(path, EISDIR)
    default:
      throw FormatError(
        .notAFile, "\"\(path)\" is not a regular file", hint: "copy its content to a file first")
    }
  }

  deinit { close(number) }

  /// Up to `count` bytes from `position`; fewer at the end of the file.
  func bytes(at position: Int, upTo count: Int, path: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - position)))
    let filled = try bytes.withUnsafeMutableBytes { try fill($0, at: position, path: path) }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Fills a buffer from `position` on; how many bytes there were.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: Int, path: String) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let got = pread(
        number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
        off_t(position + filled))
      if got < 0 {
        if SystemError.number == EINTR { continue }
        throw SystemError.reading(path, SystemError.number)
      }
      if got == 0 { break }
      filled += got
    }
    return filled
  }
}
