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
    var count = Int(little: tail[(end + 10)..<(end + 12)])
    var length = Int(little: tail[(end + 12)..<(end + 16)])
    var start = Int(little: tail[(end + 16)..<(end + 20)])
    if start == 0xffff_ffff || count == 0xffff {
      // Sizes of 64 bits stand in a record of their own, which another one points to.
      guard end >= 20, tail[(end - 20)..<(end - 16)].elementsEqual([0x50, 0x4b, 6, 7]) else {
        throw FormatError.damaged(source.path, "the list of its members is cut off")
      }
      let place = Int(little: tail[(end - 12)..<(end - 5)])
      let record = try source.bytes(at: place, count: 56)
      guard record.starts(with: [0x50, 0x4b, 6, 6]) else {
        throw FormatError.damaged(source.path, "the list of its members is cut off")
      }
      count = Int(little: record[32..<39])
      length = Int(little: record[40..<47])
      start = Int(little: record[48..<55])
    }
    guard length <= size else {
      throw FormatError.damaged(source.path, "the list of its members is cut off")
    }
    members = try ZipArchive.members(
      try source.bytes(at: start, count: length), count: count, source.path)
  }

  /// The content of a member.
  func content(_ member: Member, limit: MemoryLimit) throws -> [UInt8] {
    try limit.check(member.size, for: source.path)
    guard member.packedSize <= source.sizeOnDisk, member.offset <= source.sizeOnDisk else {
      throw FormatError.damaged(
        source.path, "its member \(member.name) is not where it should be")
    }
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
    // The library counts in 32 bits.
    let most = 1 << 30
    let (code, made) = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var (used, made, code) = (0, 0, Z_OK)
        while code == Z_OK || (code == Z_BUF_ERROR && used < input.count && made < output.count) {
          let (inCount, outCount) = (min(most, input.count - used), min(most, output.count - made))
          stream.next_in = input.baseAddress?.advanced(by: used)
          stream.avail_in = UInt32(inCount)
          stream.next_out = output.baseAddress?.advanced(by: made)
          stream.avail_out = UInt32(outCount)
          code = inflate(&stream, Z_NO_FLUSH)
          let (took, gave) = (inCount - Int(stream.avail_in), outCount - Int(stream.avail_out))
          used += took
          made += gave
          if took == 0, gave == 0 { break }
        }
        return (code, made)
      }
    }
    guard code == Z_STREAM_END || member.size == 0, made == output.count else {
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
      let next = nameEnd + number(30, 2) + number(32, 2)
      var long = ZipArchive.longNumbers(
        list, in: nameEnd..<min(list.count, nameEnd + number(30, 2)))
      /// A number that does not fit 32 bits stands in the list behind the name.
      func number64(_ offset: Int) -> Int {
        let short = number(offset, 4)
        return short == 0xffff_ffff && !long.isEmpty ? long.removeFirst() : short
      }
      let size = number64(24)
      let packedSize = number64(20)
      members.append(
        Member(
          name: name, isDeflated: method == 8, checksum: UInt32(number(16, 4)),
          packedSize: packedSize, size: size, offset: number64(42)))
      position = next
    }
    return members
  }

  /// Numbers of 64 bits among a member's extra fields.
  private static func longNumbers(_ list: [UInt8], in range: Range<Int>) -> [Int] {
    var position = range.lowerBound
    while position + 4 <= range.upperBound {
      let kind = Int(little: list[position..<position + 2])
      let size = Int(little: list[(position + 2)..<(position + 4)])
      let end = min(range.upperBound, position + 4 + size)
      if kind == 1 {
        return stride(from: position + 4, to: end - 7, by: 8).map {
          Int(little: list[$0..<$0 + 7])
        }
      }
      position += 4 + size
    }
    return []
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
