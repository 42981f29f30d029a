import CPNGShim
import TensorEngine

/// PNG pictures by libpng: 8 and 16 bits, grey and colour, exact.
public struct PNGFormat: Format {
  public let name = "png"
  public let summary = "PNG picture, 8 or 16 bits, grey or colour"
  public let endings = ["png"]

  public init() {}

  public func recognises(_ head: FileHead) -> Bool { head.starts(with: PNGHeader.signature) }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    .image(try PNGReader(source, options))
  }

  /// Writes grey (`YX`), colour (`CYX` of 3) or, where the last channel is named `alpha`, a
  /// picture with transparency.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let image = try image(of: content, for: file)
    let plane = try PNGPlane(image, file.path)
    let type = try sampleType(image, options, file)
    var report = SaveReport(stored: type.stored)
    let samples = NumberCodec(type, order: .host).encode(plane.samples[...], losses: &report.losses)
    if image.stored.range == nil, options.dtype == nil { report.notes += scaleNotes(plane.samples) }
    try file.write(
      PNGFormat.encode(
        samples, width: plane.width, height: plane.height, channels: plane.channels,
        depth: type.size * 8, description: options.provenance, path: file.path))
    return report
  }

  /// 8 bits for what was stored in 8 bits and for floating point, 16 bits for wider integers.
  private func sampleType(
    _ image: Image, _ options: SaveOptions, _ file: OutputFile
  ) throws -> NumberType {
    if let dtype = options.dtype {
      switch dtype {
      case .uint8: return .uint8
      case .uint16: return .uint16
      default:
        throw FormatError(
          .badRequest, "a PNG cannot store \(dtype.rawValue): \"\(file.path)\"",
          hint: "use dtype=uint8 or dtype=uint16, or save as TIFF")
      }
    }
    switch image.stored {
    case .uint16, .int16, .uint32, .int32, .uint64, .int64: return .uint16
    case .bit, .uint8, .int8, .float16, .float32, .float64, .complex64: return .uint8
    }
  }

  /// Hints for floating-point images whose values do not look like those of a picture.
  private func scaleNotes(_ samples: [Float]) -> [String] {
    guard let top = samples.filter(\.isFinite).max() else { return [] }
    if top <= 1 {
      return ["all values are 1 or less, nearly black in a PNG; multiply by 255 to see them"]
    }
    return top > 255.5
      ? [
        "values reach \(top), a PNG of 8 bits 255; dtype=uint16 keeps more, `slice` chooses a range"
      ]
      : []
  }

  private static func encode(
    _ samples: [UInt8], width: Int, height: Int, channels: Int, depth: Int, description: String?,
    path: String
  ) throws -> [UInt8] {
    var message = [CChar](repeating: 0, count: Int(DN_PNG_MESSAGE))
    var packed: UnsafeMutablePointer<UInt8>?
    var count = 0
    func run(_ text: UnsafePointer<CChar>?) -> Int32 {
      var picture = dn_png_picture(
        width: UInt32(width), height: UInt32(height), channels: Int32(channels),
        depth: Int32(depth), description: text, dots_per_metre: 0)
      return dn_png_encode(&picture, samples, &packed, &count, &message)
    }
    let failed = description.map { $0.withCString(run) } ?? run(nil)
    defer { dn_png_release(packed) }
    guard failed == 0, let packed else {
      throw FormatError(
        .system, "cannot write \"\(path)\": \(PNGReader.text(message))")
    }
    return Array(UnsafeBufferPointer(start: packed, count: count))
  }
}
