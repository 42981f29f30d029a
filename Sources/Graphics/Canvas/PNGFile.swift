import CPNGShim
import Glibc
import TensorEngine

/// Pixels as the bytes of a PNG file.
enum PNGFile {
  /// - Parameters:
  ///   - samples: `width * height * channels` samples, row by row, channels interleaved; bytes
  ///     give a file of 8 bits, 16-bit words one of 16.
  ///   - channels: 1 (grey) or 3 (red green blue).
  /// - Throws: `GraphicsError` where there is no memory or a side is longer than PNG allows.
  static func encoded<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: [Sample], width: Int, height: Int, channels: Int, dotsPerInch: Double? = nil
  ) throws -> [UInt8] {
    let longest = 1_000_000
    guard width > 0, height > 0, width <= longest, height <= longest,
      [width, height, channels].checkedProduct == samples.count
    else {
      throw GraphicsError("a PNG cannot hold a picture of \(width)x\(height)")
    }
    var message = [CChar](repeating: 0, count: Int(DN_PNG_MESSAGE))
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let dots = dotsPerInch.map { UInt32(($0 / 0.0254).rounded()) } ?? 0
    var picture = dn_png_picture(
      width: UInt32(width), height: UInt32(height), channels: Int32(channels),
      depth: Int32(Sample.bitWidth), description: nil, dots_per_metre: dots)
    let failed = samples.withUnsafeBytes { buffer -> Bool in
      guard let base = buffer.bindMemory(to: UInt8.self).baseAddress else { return true }
      return dn_png_encode(&picture, base, &bytes, &count, &message) != 0
    }
    defer { dn_png_release(bytes) }
    guard !failed, let bytes else { throw GraphicsError("there is no memory for the picture") }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
