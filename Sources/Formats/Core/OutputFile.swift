import CSupport
import Glibc
import TensorEngine

/// A file being written: beside its place, without a name or under another one, and put there when
/// it is complete.
///
/// If it is not committed, for whatever reason, nothing is left of it and what stood there before
/// stands there still. Where the file system has files without names, that holds for a program
/// that is killed, too.
public final class OutputFile {
  /// Where the file will be.
  public let path: String
  /// Where it is until it is committed, for libraries that open files by name.
  let temporaryPath: String
  /// Bytes given to `write` so far.
  private(set) var written = 0

  private let target: String
  private let mayReplace: Bool
  private let mode: mode_t?
  private let descriptor: Int32
  private let isUnnamed: Bool
  private let packing: Packing
  private var isOpen = true

  /// - Parameters:
  ///   - path: Where the file is to be.
  ///   - overwrite: Whether a file that is there may be replaced.
  ///   - packing: Compression around the whole file, done when it is complete.
  ///   - isNamed: Whether it needs a name while it is written.
  /// - Throws: `FormatError` where something stands there already, the folder is missing or may
  ///   not be written to.
  public init(
    path: String, overwrite: Bool, packing: Packing = .none, isNamed: Bool = false
  ) throws {
    self.path = path
    self.packing = packing
    mayReplace = overwrite
    mode = try OutputFile.inspect(path, overwrite: overwrite)
    // A link is followed: its target is replaced, not the link.
    target = mode == nil ? path : OutputFile.resolved(path)
    (descriptor, temporaryPath, isUnnamed) = try OutputFile.create(
      beside: target, for: path, isNamed: isNamed)
    if let mode { _ = fchmod(descriptor, mode & 0o777) }
  }

  deinit { if isOpen { discard() } }

  private func discard() {
    isOpen = false
    close(descriptor)
    if !isUnnamed { unlink(temporaryPath) }
  }

  /// Refuses compression around files that are not packed as a whole.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the ending asks for it.
  func checkNotPacked() throws {
    guard packing != .none else { return }
    throw FormatError(
      .badRequest, "this kind of file is not packed as a whole: \"\(path)\"",
      hint: "leave out the last ending and say compress=deflate")
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws {
    try write(bytes, at: written)
    written += bytes.count
  }

  /// Writes bytes anywhere: over what was written before, or ahead of it.
  func write(_ bytes: [UInt8], at position: Int) throws {
    var start = 0
    while start < bytes.count {
      let done = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
          off_t(position + start))
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
    if packing != .none { return try packed().commit() }
    guard fsync(descriptor) == 0 else { throw SystemError.writing(path, SystemError.number) }
    if isUnnamed { try name() } else { try rename(temporaryPath) }
    isOpen = false
    close(descriptor)
    var status = stat()
    return stat(target, &status) == 0 ? Int(status.st_size) : written
  }

  /// Gives a file without a name its own; a file that may be replaced is replaced in one step.
  private func name() throws {
    if !mayReplace {
      if dn_name(descriptor, target) == 0 { return }
      throw SystemError.number == EEXIST
        ? OutputFile.alreadyThere(path) : SystemError.writing(path, SystemError.number)
    }
    OutputFile.removeOrphans(beside: target)
    for beside in OutputFile.names(beside: target) {
      if dn_name(descriptor, beside) != 0 {
        if SystemError.number == EEXIST { continue }
        throw SystemError.writing(path, SystemError.number)
      }
      do { return try rename(beside) } catch {
        unlink(beside)
        throw error
      }
    }
    throw SystemError.writing(path, EEXIST)
  }

  private func rename(_ temporary: String) throws {
    if !mayReplace, access(path, F_OK) == 0 { throw OutputFile.alreadyThere(path) }
    guard Glibc.rename(temporary, target) == 0 else {
      throw SystemError.writing(path, SystemError.number)
    }
  }

  /// The same content, compressed, in a file that is to take this one's place.
  private func packed() throws -> OutputFile {
    let result = try OutputFile(path: path, overwrite: mayReplace)
    let packer: any Packer = packing == .gzip ? try GzipPacker() : try Bzip2Packer()
    var position = 0
    while true {
      try Interrupt.check()
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let got = pread(descriptor, &bytes, bytes.count, off_t(position))
      guard got >= 0 else { throw SystemError.writing(path, SystemError.number) }
      if got == 0 { break }
      position += got
      bytes.removeLast(bytes.count - got)
      try result.write(packer.pack(bytes, finish: false))
    }
    try result.write(packer.pack([], finish: true))
    discard()
    return result
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

  static func alreadyThere(_ path: String) -> FormatError {
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
    beside target: String, for path: String, isNamed: Bool
  ) throws -> (descriptor: Int32, path: String, isUnnamed: Bool) {
    let unnamed = isNamed ? -1 : dn_open_unnamed(PathName(target).folder)
    if unnamed >= 0 { return (unnamed, "/proc/self/fd/\(unnamed)", true) }
    removeOrphans(beside: target)
    for temporary in names(beside: target) {
      let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary, false) }
      if SystemError.number != EEXIST { throw SystemError.writing(path, SystemError.number) }
    }
    throw SystemError.writing(path, EEXIST)
  }

  /// Removes what programs that were killed in the midst of writing the same file left.
  static func removeOrphans(beside target: String) {
    let place = PathName(target)
    let start = ".\(place.name.prefix(60))."
    for name in Folder.names(in: place.folder, limit: 1 << 16)
    where name.hasPrefix(start) && name.hasSuffix(".part") {
      let process = name.dropFirst(start.count).prefix { $0.isNumber }
      guard let process = pid_t(process), kill(process, 0) != 0, SystemError.number == ESRCH
      else { continue }
      StoreFolder.remove(place.sibling(name))
    }
  }

  /// Hidden names in the same folder that this process may use.
  private static func names(beside target: String) -> some Sequence<String> {
    let place = PathName(target)
    // Cut, so that a name of the longest kind still has room for the additions.
    return (0..<100).lazy.map { place.sibling(".\(place.name.prefix(60)).\(getpid())-\($0).part") }
  }
}
