import CZlib

/// The members of a ZIP archive (PKWARE APPNOTE 6.3), stored or deflated, as NumPy writes them.
struct ZipArchive {
  struct Member {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    /// Where its own header lies.
    let offset: Int
  }

  let members: [Member]
  private let source: ByteSource

  /// - Throws: `FormatError` of kind `damaged` where the list of members is missing or wrong.
  init(_ source: ByteSource) throws {
    self.source = source
    guard let size = source.size else {
      throw FormatError(
        .unsupported, "\"\(source.path)\" is an archive packed as a whole",
        hint: "unpack it first")
    }
    // The list's own description stands at the end, before a comment of 64 kB at most.
    let tailStart = max(0, size - 66_000)
    let tail = try source.bytes(at: tailStart, count: size - tailStart)
    guard let end = ZipArchive.lastIndex(of: [0x50, 0x4b, 5, 6], in: tail), end + 22 <= tail.count
    else { throw FormatError.damaged(source.path, "the list of its members is cut off") }
    let count = Int(little: tail[(end + 10)..<(end + 12)])
    let length = Int(little: tail[(end + 12)..<(end + 16)])
    let start = Int(little: tail[(end + 16)..<(end + 20)])
    guard start != 0xffff_ffff, count != 0xffff else {
      throw FormatError.unsupported(
        source.path, "an archive of more than 4 GB", hint: "save the arrays as .npy files")
    }
    members = try ZipArchive.members(
      try source.bytes(at: start, count: length), count: count, source.path)
  }

  /// The content of a member.
  func content(_ member: Member, limit: MemoryLimit) throws -> [UInt8] {
    try limit.check(member.size, for: source.path)
    // Deflate packs by a factor of 1032 at most: a size beyond that is a lie, told before memory
    // is asked for.
    let most = member.isDeflated ? member.packedSize * 1032 + 64 : member.packedSize
    guard member.size <= most else {
      throw FormatError.damaged(source.path, "the size of its member \(member.name) is wrong")
    }
    let header = try source.bytes(at: member.offset, count: 30)
    guard header.starts(with: [0x50, 0x4b, 3, 4]) else {
      throw FormatError.damaged(source.path, "its member \(member.name) is not where it should be")
    }
    let skipped = Int(little: header[26..<28]) + Int(little: header[28..<30])
    let packed = try source.bytes(at: member.offset + 30 + skipped, count: member.packedSize)
    let content = member.isDeflated ? try inflated(packed, member) : packed
    guard content.count == member.size,
      crc32_z(0, content, content.count) == UInt(member.checksum)
    else {
      throw FormatError.damaged(source.path, "the checksum of its member \(member.name) is wrong")
    }
    return content
  }

  private func inflated(_ packed: [UInt8], _ member: Member) throws -> [UInt8] {
    var stream = z_stream()
    // Negative: deflate without a frame.
    guard
      inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw FormatError(.tooLarge, "no memory to unpack \"\(source.path)\"") }
    defer { inflateEnd(&stream) }
    var (input, output) = (packed, [UInt8](repeating: 0, count: member.size))
    let (inputCount, outputCount) = (input.count, output.count)
    let code = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(clamping: inputCount)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(clamping: outputCount)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard code == Z_STREAM_END || member.size == 0, stream.avail_out == 0 else {
      throw FormatError.damaged(source.path, "its member \(member.name) cannot be unpacked")
    }
    return output
  }

  private static func members(
    _ list: [UInt8], count: Int, _ path: String
  ) throws -> [Member] {
    var members: [Member] = []
    var position = 0
    for _ in 0..<count {
      guard position + 46 <= list.count,
        list[position..<(position + 4)].elementsEqual([0x50, 0x4b, 1, 2])
      else { throw FormatError.damaged(path, "the list of its members is wrong") }
      func number(_ offset: Int, _ size: Int) -> Int {
        Int(little: list[(position + offset)..<(position + offset + size)])
      }
      let nameEnd = position + 46 + number(28, 2)
      guard nameEnd <= list.count else {
        throw FormatError.damaged(path, "the list of its members is wrong")
      }
      let name = String(decoding: list[(position + 46)..<nameEnd], as: UTF8.self)
      let method = number(10, 2)
      guard method == 0 || method == 8, number(8, 2) & 1 == 0 else {
        throw FormatError.unsupported(
          path, "a member \(name) packed in a way that is not read", hint: "save it with NumPy")
      }
      members.append(
        Member(
          name: name, isDeflated: method == 8, checksum: UInt32(number(16, 4)),
          packedSize: number(20, 4), size: number(24, 4), offset: number(42, 4)))
      position = nameEnd + number(30, 2) + number(32, 2)
    }
    return members
  }

  private static func lastIndex(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return (0...(bytes.count - mark.count)).reversed()
      .first { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
  }
}

extension Int {
  /// A number of up to 7 bytes whose least significant byte comes first.
  init(little bytes: ArraySlice<UInt8>) { self = bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}
