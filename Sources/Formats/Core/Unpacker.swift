import CBzip2
import CZlib

/// Unpacks a gzip or bzip2 stream piece by piece, so that no more is unpacked than is asked for.
protocol Unpacker: AnyObject {
  /// Up to `count` further bytes; none at the end.
  ///
  /// - Throws: `FormatError` of kind `damaged` where the stream is cut off or its checksum is wrong.
  func next(_ count: Int) throws -> [UInt8]
}

/// gzip by zlib, several members one after the other included.
final class GzipUnpacker: Unpacker {
  private let path: String
  private let file: gzFile

  init(path: String) throws {
    guard let file = gzopen(path, "rb") else { throw SystemError.reading(path, SystemError.number) }
    gzbuffer(file, 1 << 17)
    self.path = path
    self.file = file
  }

  deinit { gzclose(file) }

  func next(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, 1 << 24))
    let got = gzread(file, &bytes, UInt32(bytes.count))
    var code: Int32 = 0
    let text = gzerror(file, &code)
    // A short read at a cut-off stream shows only in the error code.
    if got < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR {
      let said = text.map { String(cString: $0) } ?? ""
      throw FormatError.damaged(
        path,
        code == Z_BUF_ERROR ? "its gzip data are cut off" : "its gzip data are wrong (\(said))")
    }
    bytes.removeLast(bytes.count - Int(got))
    return bytes
  }
}

/// bzip2, several streams one after the other included (as parallel packers write them).
final class Bzip2Unpacker: Unpacker {
  private let path: String
  private let file: FileDescriptor
  private let stream: UnsafeMutablePointer<bz_stream>
  private var position = 0
  private var packed: [UInt8] = []
  private var used = 0
  private var streamOpen = false

  init(path: String) throws {
    self.path = path
    file = try FileDescriptor(reading: path)
    stream = .allocate(capacity: 1)
    stream.initialize(to: bz_stream())
  }

  deinit {
    if streamOpen { BZ2_bzDecompressEnd(stream) }
    stream.deallocate()
  }

  func next(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, 1 << 24))
    var filled = 0
    while filled < bytes.count {
      try fill()
      if used == packed.count {
        if streamOpen { throw FormatError.damaged(path, "its bzip2 data are cut off") }
        break
      }
      if !streamOpen {
        stream.pointee = bz_stream()
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
          throw FormatError(.tooLarge, "no memory to unpack \"\(path)\"")
        }
        streamOpen = true
      }
      filled += try step(into: &bytes, from: filled)
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Reads more packed bytes where all were used.
  private func fill() throws {
    guard used == packed.count else { return }
    packed = try file.bytes(at: position, upTo: 1 << 17, path: path)
    position += packed.count
    used = 0
  }

  /// One call of the library; gives back how many bytes it made.
  private func step(into bytes: inout [UInt8], from filled: Int) throws -> Int {
    let (room, left) = (bytes.count - filled, packed.count - used)
    let code = packed.withUnsafeMutableBytes { input in
      bytes.withUnsafeMutableBytes { output in
        stream.pointee.next_in = input.baseAddress?.advanced(by: used)
          .assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = UInt32(left)
        stream.pointee.next_out = output.baseAddress?.advanced(by: filled)
          .assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(room)
        return BZ2_bzDecompress(stream)
      }
    }
    used += left - Int(stream.pointee.avail_in)
    switch code {
    case BZ_OK: break
    case BZ_STREAM_END:
      BZ2_bzDecompressEnd(stream)
      streamOpen = false
    default:
      throw FormatError.damaged(path, "its bzip2 data are wrong (code \(code))")
    }
    return room - Int(stream.pointee.avail_out)
  }
}
