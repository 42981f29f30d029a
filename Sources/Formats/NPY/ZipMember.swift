import CZlib

/// The only member of a ZIP archive being written (PKWARE APPNOTE 6.3), with sizes of 64 bits where
/// 32 do not do.
final class ZipMember {
  private let name: [UInt8]
  private let isPacked: Bool
  private let file: OutputFile
  private let packer: GzipPacker?
  private var checksum = crc32_z(0, nil, 0)
  private var size = 0
  private var start = 0

  init(name: String, isPacked: Bool, in file: OutputFile) throws {
    self.name = Array(name.utf8)
    self.isPacked = isPacked
    self.file = file
    packer = isPacked ? try GzipPacker(windowBits: -15) : nil
    // Sizes and checksum are filled in at the end.
    try file.write(local)
    start = file.written
  }

  func write(_ bytes: [UInt8]) throws {
    checksum = crc32_z(checksum, bytes, bytes.count)
    size += bytes.count
    try file.write(packer?.pack(bytes, finish: false) ?? bytes)
  }

  func finish() throws {
    if let packer { try file.write(packer.pack([], finish: true)) }
    packedSize = file.written - start
    try file.write(local, at: 0)
    let listAt = file.written
    try file.write(listEntry)
    let listSize = file.written - listAt
    if listAt > ZipMember.most {
      var end: [UInt8] = [0x50, 0x4b, 6, 6]
      end += ZipMember.word(44, 8) + ZipMember.word(45, 2) + ZipMember.word(45, 2)
      end += ZipMember.word(0, 4) + ZipMember.word(0, 4) + ZipMember.word(1, 8)
      end += ZipMember.word(1, 8) + ZipMember.word(listSize, 8) + ZipMember.word(listAt, 8)
      end += [0x50, 0x4b, 6, 7] + ZipMember.word(0, 4)
      end += ZipMember.word(listAt + listSize, 8) + ZipMember.word(1, 4)
      try file.write(end)
    }
    var end: [UInt8] = [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
    end += ZipMember.word(1, 2) + ZipMember.word(1, 2) + ZipMember.word(listSize, 4)
    end += ZipMember.word(min(listAt, ZipMember.most), 4) + [0, 0]
    try file.write(end)
  }

  private var packedSize = 0
  private static let most = 0xffff_ffff

  /// Both sizes, where 32 bits do not hold them. The header in front has room for them always.
  private var extra: [UInt8] {
    ZipMember.word(1, 2) + ZipMember.word(16, 2) + ZipMember.word(size, 8)
      + ZipMember.word(packedSize, 8)
  }

  /// What headers in front and in the list have in common, after the version. Without a time, so
  /// that equal content makes equal files.
  private func common(sizes: [UInt8], extra: Int) -> [UInt8] {
    var bytes = ZipMember.word(1 << 11, 2) + ZipMember.word(isPacked ? 8 : 0, 2)
    bytes += ZipMember.word(0, 2) + ZipMember.word(33, 2) + ZipMember.word(Int(checksum), 4)
    return bytes + sizes + ZipMember.word(name.count, 2) + ZipMember.word(extra, 2)
  }

  private var local: [UInt8] {
    let sizes = ZipMember.word(ZipMember.most, 4) + ZipMember.word(ZipMember.most, 4)
    return [0x50, 0x4b, 3, 4] + ZipMember.word(45, 2) + common(sizes: sizes, extra: extra.count)
      + name + extra
  }

  private var listEntry: [UInt8] {
    let isLong = max(size, packedSize) >= ZipMember.most
    let sizes =
      isLong
      ? ZipMember.word(ZipMember.most, 4) + ZipMember.word(ZipMember.most, 4)
      : ZipMember.word(packedSize, 4) + ZipMember.word(size, 4)
    let more = isLong ? extra : []
    let version = ZipMember.word(45, 2)
    return [0x50, 0x4b, 1, 2] + version + version + common(sizes: sizes, extra: more.count)
      + [UInt8](repeating: 0, count: 14) + name + more
  }

  /// A number, its least significant byte first.
  private static func word(_ number: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
