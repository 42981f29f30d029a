import CTIFFShim
import TensorEngine

/// What one page of a TIFF file says of its pixels.
struct TIFFPage: Equatable {
  enum Photometric: Int {
    case whiteIsZero = 0
    case blackIsZero = 1
    case rgb = 2
    case palette = 3
    case mask = 4
    case cmyk = 5
    case yCbCr = 6
    case cieLab = 8
  }

  let width: Int
  let height: Int
  let bits: Int
  /// Samples of a pixel.
  let samples: Int
  /// 1 unsigned, 2 signed, 3 floating point, 4 untyped, 5 and 6 complex.
  let sampleFormat: Int
  let photometric: Photometric?
  /// Whether each sample has a plane of its own.
  let isPlanar: Bool
  /// Whether the last sample is transparency.
  let hasAlpha: Bool
  /// Whether it is a smaller copy of another page.
  let isReduced: Bool
  /// Where the one strip of an unpacked page lies, in bytes from the start of the file; more pages
  /// may follow it.
  let plainOffset: Int?
  /// Where the rows of the page lie, unpacked and one after the other.
  let rowsOffset: Int?
  let byteOrder: ByteOrder
  /// Size of a pixel in the unit; nil where the page does not say.
  let pixelSize: (x: Double, y: Double)?
  /// 1 none, 2 inch, 3 centimetre.
  let resolutionUnit: Int
  /// Bytes of a row of a plane.
  let rowBytes: Int

  init(_ info: dn_tiff_page, rowBytes: Int) {
    width = Int(info.width)
    height = Int(info.height)
    bits = Int(info.bits)
    samples = Int(info.samples)
    sampleFormat = Int(info.format)
    photometric = Photometric(rawValue: Int(info.photometric))
    isPlanar = info.planar == 2 && info.samples > 1
    hasAlpha = info.alpha != 0 && info.samples > 1
    isReduced = info.reduced != 0
    plainOffset = info.compression == 1 && info.strips == 1 ? Int(clamping: info.first_strip) : nil
    rowsOffset = info.plain != 0 ? Int(clamping: info.first_strip) : nil
    byteOrder = info.big_endian != 0 ? .big : .little
    let (x, y) = (Double(info.x_resolution), Double(info.y_resolution))
    pixelSize = x.isFinite && y.isFinite && x > 0 && y > 0 ? (1 / x, 1 / y) : nil
    resolutionUnit = Int(info.resolution_unit)
    self.rowBytes = rowBytes
  }

  /// Whether two pages can be part of one image.
  static func == (left: TIFFPage, right: TIFFPage) -> Bool {
    left.width == right.width && left.height == right.height && left.bits == right.bits
      && left.samples == right.samples && left.sampleFormat == right.sampleFormat
      && left.isPlanar == right.isPlanar && left.photometric == right.photometric
  }

  /// Samples of a pixel in one plane.
  var samplesInPlane: Int { isPlanar ? 1 : samples }

  /// How a sample is stored; nil for unsigned numbers that are no whole bytes.
  ///
  /// - Throws: `FormatError` of kind `unsupported` for what is no real number or no plain colour.
  func number(path: String) throws -> NumberType? {
    switch photometric {
    case .yCbCr, .cieLab, nil:
      throw FormatError.unsupported(
        path, "colours in a space that is not read (photometric interpretation)",
        hint: "convert it to RGB or grey first")
    default: break
    }
    switch (sampleFormat, bits) {
    case (1, 8), (4, 8): return .uint8
    case (1, 16), (4, 16): return .uint16
    case (1, 32), (4, 32): return .uint32
    case (1, 64), (4, 64): return .uint64
    case (2, 8): return .int8
    case (2, 16): return .int16
    case (2, 32): return .int32
    case (2, 64): return .int64
    case (3, 16): return .float16
    case (3, 32): return .float32
    case (3, 64): return .float64
    case (1, 1..<16), (4, 1..<16): return nil
    case (5...6, _):
      throw FormatError.unsupported(
        path, "complex numbers", hint: "save its amplitude, which is real")
    default:
      throw FormatError.unsupported(
        path, "samples of \(bits) bits (format \(sampleFormat))",
        hint: "convert it to 8, 16 or 32 bits first")
    }
  }

  /// The type as the rest of the program names it.
  func stored(path: String) throws -> StoredType {
    if let number = try number(path: path) { return number.stored }
    return bits == 1 ? .bit : bits < 8 ? .uint8 : .uint16
  }
}
