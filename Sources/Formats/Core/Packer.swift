import CBzip2
import CZlib

/// Packs a stream of bytes piece by piece.
protocol Packer: AnyObject {
  /// Takes further bytes and gives back what is packed so far; `finish` ends the stream.
  func pack(_ bytes: [UInt8], finish: Bool) throws -> [UInt8]
}

/// Deflate by zlib in gzip's frame, without name or time, so that equal content makes equal files.
final class GzipPacker: Packer {
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter windowBits: 15 bits of window, and 16 for gzip's frame around it; negative for none.
  init(windowBits: Int32 = 15 + 16) throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = deflateInit2_(
      stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw FormatError(.tooLarge, "no memory to pack with gzip") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func pack(_ bytes: [UInt8], finish: Bool) throws -> [UInt8] {
    var (input, packed) = (bytes, [UInt8]())
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    try input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      var full = true
      while full {
        let count = try piece.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          guard deflate(stream, finish ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR else {
            throw FormatError(.system, "zlib cannot pack these bytes")
          }
          return output.count - Int(stream.pointee.avail_out)
        }
        packed += piece.prefix(count)
        full = count == piece.count
      }
    }
    return packed
  }
}

/// bzip2 with blocks of 900 kB.
final class Bzip2Packer: Packer {
  private let stream: UnsafeMutablePointer<bz_stream>

  init() throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: bz_stream())
    guard BZ2_bzCompressInit(stream, 9, 0, 0) == BZ_OK else {
      throw FormatError(.tooLarge, "no memory to pack with bzip2")
    }
  }

  deinit {
    BZ2_bzCompressEnd(stream)
    stream.deallocate()
  }

  func pack(_ bytes: [UInt8], finish: Bool) throws -> [UInt8] {
    // The library calls a run without input an error.
    if bytes.isEmpty, !finish { return [] }
    var (input, packed) = (bytes, [UInt8]())
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    try input.withUnsafeMutableBytes { input in
      stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: CChar.self)
      stream.pointee.avail_in = UInt32(input.count)
      var more = true
      while more {
        let (code, count) = piece.withUnsafeMutableBytes { output in
          stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
          stream.pointee.avail_out = UInt32(output.count)
          let code = BZ2_bzCompress(stream, finish ? BZ_FINISH : BZ_RUN)
          return (code, output.count - Int(stream.pointee.avail_out))
        }
        guard code >= 0 else { throw FormatError(.system, "bzip2 cannot pack these bytes") }
        packed += piece.prefix(count)
        more = finish ? code != BZ_STREAM_END : stream.pointee.avail_in > 0
      }
    }
    return packed
  }
}
