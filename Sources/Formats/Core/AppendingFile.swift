import Glibc

/// A file that grows while something runs: a journal, a log of events. What was appended is there
/// even where the program is killed.
package final class AppendingFile {
  package let path: String
  private let descriptor: Int32

  /// - Parameter fresh: whether what the file holds is thrown away.
  /// - Throws: `FormatError` where it cannot be written to.
  package init(_ path: String, fresh: Bool = false) throws {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (fresh ? O_TRUNC : 0)
    descriptor = open(path, flags, 0o666)
    guard descriptor >= 0 else { throw SystemError.writing(path, SystemError.number) }
  }

  deinit { close(descriptor) }

  /// Appends bytes in one piece.
  ///
  /// - Throws: `FormatError` where the disk is full or the system refuses.
  package func append(_ bytes: [UInt8]) throws {
    var start = 0
    while start < bytes.count {
      let done = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
      }
      if done < 0 {
        if SystemError.number == EINTR { continue }
        throw SystemError.writing(path, SystemError.number)
      }
      start += done
    }
  }
}
