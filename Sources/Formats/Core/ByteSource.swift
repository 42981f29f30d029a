import TensorEngine

/// The bytes of a file, read by position; gzip and bzip2 are unpacked on the way.
///
/// A plain file is never read as a whole. A packed one is unpacked only as far as it is asked
/// for, and what was unpacked is kept; so a bomb costs no more than its header promises, and a
/// header's promise is checked against the memory limit first.
public final class ByteSource {
  public let path: String
  public let packing: Packing
  /// Length of the file on the disk, in bytes.
  public let sizeOnDisk: Int
  /// Length of the content in bytes; nil where the file is packed, since that is known only when
  /// all is unpacked.
  public var size: Int? { packing == .none ? sizeOnDisk : (isUnpacked ? unpacked.count : nil) }

  /// Whether any part may be read at any time, from several threads at once; what is unpacked on
  /// the way is read by one thread alone, best from front to back.
  var isSeekable: Bool { unpacker == nil }

  /// nil where the content was in memory from the start.
  private let file: FileDescriptor?
  private let unpacker: (any Unpacker)?
  private var unpacked: [UInt8] = []
  private var isUnpacked = false

  /// - Throws: `FormatError` where the file cannot be opened or is empty.
  public init(path: String) throws {
    self.path = path
    let file = try FileDescriptor(reading: path)
    self.file = file
    sizeOnDisk = file.size
    guard file.size > 0 else {
      throw FormatError(
        .damaged, "\"\(path)\" is empty (0 bytes)", hint: "copy or download the file again")
    }
    packing = Packing(head: try file.bytes(at: 0, upTo: 16, path: path))
    switch packing {
    case .none: unpacker = nil
    case .gzip: unpacker = try GzipUnpacker(path: path)
    case .bzip2: unpacker = try Bzip2Unpacker(path: path)
    }
  }

  /// Content that is in memory already, such as a member of an archive.
  ///
  /// - Parameter path: For messages.
  init(path: String, content: [UInt8]) {
    self.path = path
    file = nil
    unpacker = nil
    packing = .none
    sizeOnDisk = content.count
    unpacked = content
    isUnpacked = true
  }

  /// Exactly `count` bytes from `position`.
  ///
  /// - Throws: `FormatError` of kind `damaged` where the content ends before.
  public func bytes(at position: Int, count: Int) throws -> [UInt8] {
    let bytes = try bytes(at: position, upTo: count)
    guard bytes.count == count else { throw endsEarly(count - bytes.count) }
    return bytes
  }

  /// Fills a buffer from `position` on.
  ///
  /// - Throws: `FormatError` of kind `damaged` where the content ends before.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: Int) throws {
    if let file, packing == .none, position >= 0 {
      let filled = try file.fill(buffer, at: position, path: path)
      if filled < buffer.count { throw endsEarly(buffer.count - filled) }
    } else {
      buffer.copyBytes(from: try bytes(at: position, count: buffer.count))
    }
  }

  private func endsEarly(_ missing: Int) -> FormatError {
    FormatError.damaged(
      path, "it ends \(missing) bytes too early",
      hint: "it was not copied or written to the end; copy or download it again")
  }

  /// Up to `count` bytes from `position`; fewer where the content ends.
  public func bytes(at position: Int, upTo count: Int) throws -> [UInt8] {
    guard position >= 0, count >= 0 else { return [] }
    let (end, overflow) = position.addingReportingOverflow(count)
    if overflow { return [] }
    if let file, packing == .none {
      return try file.bytes(at: position, upTo: count, path: path)
    }
    // Further than asked for, if by one byte: checksums stand behind the last.
    while unpacked.count <= end, !isUnpacked, let unpacker {
      try Interrupt.check()
      let more = try unpacker.next(end - unpacked.count + (1 << 16))
      if more.isEmpty { isUnpacked = true } else { unpacked += more }
    }
    let start = min(position, unpacked.count)
    return Array(unpacked[start..<min(end, unpacked.count)])
  }

  /// The whole content.
  ///
  /// - Parameter limit: Bytes at most.
  /// - Throws: `FormatError` of kind `tooLarge` where it is longer than the limit.
  public func all(limit: MemoryLimit) throws -> [UInt8] {
    if let size {
      try limit.check(size, for: path)
      return try bytes(at: 0, count: size)
    }
    while true {
      let count = try bytes(at: unpacked.count, upTo: 1 << 20).count
      try limit.check(unpacked.count, for: path)
      if count == 0 { return unpacked }
    }
  }
}
