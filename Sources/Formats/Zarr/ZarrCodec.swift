import CBzip2
import CCodecShim
import CZlib

/// One step of how Zarr packs a chunk's bytes.
enum ZarrCodec: Equatable {
  case zstd, gzip, zlib, bzip2, blosc
  /// A checksum behind the bytes.
  case crc32c

  /// By the name that Zarr's metadata give.
  init?(name: String) {
    switch name {
    case "zstd", "numcodecs.zstd": self = .zstd
    case "gzip", "numcodecs.gzip": self = .gzip
    case "zlib", "numcodecs.zlib": self = .zlib
    case "bz2", "numcodecs.bz2": self = .bzip2
    case "blosc", "numcodecs.blosc": self = .blosc
    case "crc32c": self = .crc32c
    default: return nil
    }
  }

  /// - Parameters:
  ///   - room: Bytes at most.
  ///   - path: For messages.
  /// - Throws: `FormatError` of kind `damaged` where the data are wrong or longer.
  func unpacked(_ packed: [UInt8], room: Int, _ path: String) throws -> [UInt8] {
    var bytes: [UInt8]
    var count: Int64
    switch self {
    case .zstd:
      bytes = [UInt8](repeating: 0, count: room)
      count = dn_zstd_unpack(packed, packed.count, &bytes, room)
    case .blosc:
      try ZarrCodec.loadBlosc()
      bytes = [UInt8](repeating: 0, count: room)
      count = dn_blosc_unpack(packed, packed.count, &bytes, room)
    case .gzip, .zlib:
      bytes = [UInt8](repeating: 0, count: room)
      count = ZarrCodec.inflated(packed, &bytes)
    case .bzip2:
      bytes = [UInt8](repeating: 0, count: room)
      var length = UInt32(clamping: room)
      var input = packed.map { CChar(bitPattern: $0) }
      let size = UInt32(clamping: input.count)
      let code = bytes.withUnsafeMutableBytes { output in
        BZ2_bzBuffToBuffDecompress(
          output.baseAddress?.assumingMemoryBound(to: CChar.self), &length, &input, size, 0, 0)
      }
      count = code == BZ_OK ? Int64(length) : -1
    case .crc32c:
      guard packed.count >= 4 else { throw ZarrCodec.wrong(path) }
      bytes = Array(packed.dropLast(4))
      count = Int64(bytes.count)
      let sum = packed.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      guard dn_crc32c(bytes, bytes.count) == sum else { throw ZarrCodec.wrong(path) }
    }
    guard count >= 0 else { throw ZarrCodec.wrong(path) }
    bytes.removeLast(bytes.count - Int(count))
    return bytes
  }

  /// - Parameter size: Bytes of a number.
  /// - Throws: `FormatError` where the library is missing.
  func packed(_ bytes: [UInt8], size: Int) throws -> [UInt8] {
    var packed: [UInt8]
    let count: Int64
    switch self {
    case .zstd:
      packed = [UInt8](repeating: 0, count: dn_zstd_room(bytes.count))
      count = dn_zstd_pack(bytes, bytes.count, &packed, packed.count)
    case .blosc:
      try ZarrCodec.loadBlosc()
      packed = [UInt8](repeating: 0, count: bytes.count + 16)
      count = dn_blosc_pack(bytes, bytes.count, size, &packed, packed.count)
    case .gzip:
      let packer = try GzipPacker()
      return try packer.pack(bytes, finish: true)
    case .zlib, .bzip2, .crc32c:
      throw FormatError(.unsupported, "Zarr chunks are packed with zstd, blosc or gzip")
    }
    guard count >= 0 else { throw FormatError(.system, "a chunk of bytes cannot be packed") }
    packed.removeLast(packed.count - Int(count))
    return packed
  }

  /// Fills `bytes` from a zlib or gzip stream: how many there were, or -1.
  private static func inflated(_ packed: [UInt8], _ bytes: inout [UInt8]) -> Int64 {
    var stream = z_stream()
    // 32: the frame, zlib's or gzip's, is told by the data.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, size) == Z_OK else { return -1 }
    defer { inflateEnd(&stream) }
    var input = packed
    let (inputCount, room) = (UInt32(clamping: packed.count), UInt32(clamping: bytes.count))
    let code = input.withUnsafeMutableBufferPointer { input in
      bytes.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = inputCount
        stream.next_out = output.baseAddress
        stream.avail_out = room
        return inflate(&stream, Z_FINISH)
      }
    }
    return code == Z_STREAM_END ? Int64(room - stream.avail_out) : -1
  }

  private static func loadBlosc() throws {
    var message = [CChar](repeating: 0, count: Int(DN_CODEC_MESSAGE))
    guard dn_blosc_load(&message) == 0 else {
      throw FormatError(
        .system, "chunks packed with blosc cannot be used: \(PNGReader.text(message))",
        hint: "install libblosc (Debian: libblosc1)")
    }
  }

  private static func wrong(_ path: String) -> FormatError {
    FormatError.damaged(path, "a chunk of it cannot be unpacked")
  }
}
