import Glibc

/// A file being written: beside its place under another name, renamed when it is complete.
///
/// If it is not committed, for whatever reason, nothing is left of it and what stood there before
/// stands there still.
public final class OutputFile {
  /// Where the file will be.
  public let path: String
  /// Where it is until it is committed, for libraries that open files by name.
  let temporaryPath: String
  /// Bytes given to `write` so far.
  private(set) var written = 0

  /// Refuses compression around files that a library writes by itself.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the ending asks for it.
  func checkNotPacked() throws {
    guard packer != nil else { return }
    throw FormatError(
      .badRequest, "this kind of file is not packed as a whole: \"\(path)\"",
      hint: "leave out the last ending and say compress=deflate")
  }

  private let target: String
  private let mayReplace: Bool
  private let descriptor: Int32
  private let packer: (any Packer)?
  private var isOpen = true

  /// - Parameters:
  ///   - path: Where the file is to be.
  ///   - overwrite: Whether a file that is there may be replaced.
  ///   - packing: Compression around the whole file.
  /// - Throws: `FormatError` where something stands there already, the folder is missing or may
  ///   not be written to.
  public init(path: String, overwrite: Bool, packing: Packing = .none) throws {
    self.path = path
    mayReplace = overwrite
    let existing = try OutputFile.inspect(path, overwrite: overwrite)
    // A link is followed: its target is replaced, not the link.
    target = existing == nil ? path : OutputFile.resolved(path)
    switch packing {
    case .none: packer = nil
    case .gzip: packer = try GzipPacker()
    case .bzip2: packer = try Bzip2Packer()
    }
    (descriptor, temporaryPath) = try OutputFile.create(beside: target, for: path)
    if let mode = existing { _ = fchmod(descriptor, mode & 0o777) }
  }

  deinit {
    if isOpen {
      close(descriptor)
      unlink(temporaryPath)
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws {
    written += bytes.count
    guard let packer else { return try put(bytes) }
    // The packers count in 32 bits.
    for start in stride(from: 0, to: bytes.count, by: 1 << 24) {
      let piece = Array(bytes[start..<min(bytes.count, start + 1 << 24)])
      try put(packer.pack(piece, finish: false))
    }
  }

  private func put(_ bytes: [UInt8]) throws {
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

  /// Puts the finished file in its place.
  ///
  /// - Returns: Its size on the disk in bytes.
  @discardableResult
  package func commit() throws -> Int {
    if let packer { try put(packer.pack([], finish: true)) }
    guard fsync(descriptor) == 0 else { throw SystemError.writing(path, SystemError.number) }
    if !mayReplace, access(path, F_OK) == 0 {
      throw OutputFile.alreadyThere(path)
    }
    guard rename(temporaryPath, target) == 0 else {
      throw SystemError.writing(path, SystemError.number)
    }
    isOpen = false
    close(descriptor)
    var status = stat()
    return stat(target, &status) == 0 ? Int(status.st_size) : written
  }

  /// The mode of the file that stands at `path`, nil where there is none.
  private static func inspect(_ path: String, overwrite: Bool) throws -> mode_t? {
    if path.isEmpty { throw FormatError(.badRequest, "the file name is empty") }
    var status = stat()
    guard stat(path, &status) == 0 else {
      if path.hasSuffix("/") { throw SystemError.writing(path, EISDIR) }
      return nil
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw SystemError.writing(path, EISDIR)
    case S_IFREG: break
    default:
      throw FormatError(
        .notAFile, "\"\(path)\" is not a regular file", hint: "write to a file")
    }
    if !overwrite { throw alreadyThere(path) }
    return status.st_mode
  }

  private static func alreadyThere(_ path: String) -> FormatError {
    let free = (2...999).lazy.map { PathName(path).inserting("_\($0)") }
      .first { access($0, F_OK) != 0 }
    return FormatError(
      .exists, "the file \"\(path)\" is there already",
      hint: "say overwrite=true" + (free.map { ", or save as \"\($0)\", which is free" } ?? ""))
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func create(
    beside target: String, for path: String
  ) throws -> (descriptor: Int32, path: String) {
    let place = PathName(target)
    for attempt in 0..<100 {
      // Cut, so that a name of the longest kind still has room for the additions.
      let name = ".\(place.name.prefix(180)).\(getpid())-\(attempt).part"
      let temporary = place.sibling(name)
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      if SystemError.number != EEXIST { throw SystemError.writing(path, SystemError.number) }
    }
    throw SystemError.writing(path, EEXIST)
  }
}
