import CTIFFShim
import TensorEngine

/// Writes an image as a TIFF file with ImageJ's description, which most programs read.
struct TIFFWriter {
  private let layout: TIFFLayout
  private let type: NumberType
  private let compression: UInt16
  private let pixelSize: (x: Double, y: Double)?
  private let software: String?
  private var report: SaveReport

  init(_ image: Image, path: String, _ options: SaveOptions) throws {
    let dtype = options.dtype ?? image.stored
    guard let number = NumberType(dtype == .bit ? .uint8 : dtype) else {
      throw FormatError(
        .badRequest, "real numbers cannot be saved as \(dtype.rawValue): \"\(path)\"",
        hint: "use dtype=float32")
    }
    type = number
    compression = TIFFWriter.code(options.compression ?? .none)
    guard dn_tiff_can_pack(compression) != 0 else {
      throw FormatError(
        .unsupported,
        "this machine's TIFF library cannot pack with \(options.compression ?? .none)",
        hint: "use compress=deflate")
    }
    layout = try TIFFLayout(image, type: number, path: path)
    let spatial = image.axes.filter { "ZYX".contains($0) }.count
    pixelSize = image.voxel.flatMap { voxel in
      voxel.count == spatial && voxel.count >= 2 ? (voxel[spatial - 1], voxel[spatial - 2]) : nil
    }
    software = options.provenance
    report = SaveReport(stored: number.stored)
  }

  /// - Throws: `FormatError` where the disk is full, `Interrupted` where the user stopped it.
  func write(to file: OutputFile) throws -> SaveReport {
    try file.checkNotPacked()
    var message = [CChar](repeating: 0, count: Int(DN_TIFF_MESSAGE))
    // Room for the directories beside the pixels.
    let isBig = layout.values.count * type.size > 4_000_000_000
    guard let handle = dn_tiff_create(file.temporaryPath, isBig ? 1 : 0, &message) else {
      throw FormatError(
        .system, "cannot write \"\(file.path)\": \(PNGReader.text(message))")
    }
    defer { dn_tiff_close(handle) }
    var report = report
    let codec = NumberCodec(type, order: .host)
    let count = layout.width * layout.height * layout.samples
    for (number, start) in stride(from: 0, to: layout.values.count, by: count).enumerated() {
      try Interrupt.check()
      let pixels = codec.encode(layout.values[start..<(start + count)], losses: &report.losses)
      var page = self.page
      let code = append(handle, &page, number == 0 ? layout.description : nil, pixels)
      guard code == 0 else { throw failure(handle, file) }
    }
    guard dn_tiff_flush(handle) == 0 else { throw failure(handle, file) }
    return report
  }

  private var page: dn_tiff_page {
    var page = dn_tiff_page()
    page.width = UInt32(clamping: layout.width)
    page.height = UInt32(clamping: layout.height)
    page.bits = UInt16(type.size * 8)
    page.samples = UInt16(layout.samples)
    page.format = type.isFloat ? 3 : type.isSigned ? 2 : 1
    page.photometric = layout.samples > 1 ? 2 : 1
    page.alpha = layout.hasAlpha ? 1 : 0
    page.compression = compression
    page.resolution_unit = 1
    if let pixelSize, pixelSize.x > 0, pixelSize.y > 0 {
      page.x_resolution = Float(1 / pixelSize.x)
      page.y_resolution = Float(1 / pixelSize.y)
    }
    return page
  }

  private func append(
    _ handle: OpaquePointer, _ page: inout dn_tiff_page, _ description: String?, _ pixels: [UInt8]
  ) -> Int32 {
    // The package tifffile takes two plain pages with ImageJ's description for a single one that
    // stands for both, as their pixels end before the second directory; it does not where a page's
    // pixels are out of order.
    let apart: UInt32 = layout.pageShape.product == 2 ? 1 : 0
    return withOptionalCString(description) { description in
      withOptionalCString(software) { software in
        dn_tiff_append(handle, &page, apart, description, software, pixels, pixels.count)
      }
    }
  }

  private func failure(_ handle: OpaquePointer, _ file: OutputFile) -> FormatError {
    let error = SystemError.writing(file.path, SystemError.number)
    if error.kind == .tooLarge { return error }
    return FormatError(
      .system, "cannot write \"\(file.path)\": \(String(cString: dn_tiff_message(handle)))")
  }

  private static func code(_ compression: SaveOptions.Compression) -> UInt16 {
    switch compression {
    case .none: 1
    case .lzw: 5
    case .deflate: 8
    case .zstd: 50000
    }
  }
}

/// A C string for the time of a call, or none.
private func withOptionalCString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let text else { return body(nil) }
  return text.withCString(body)
}

extension NumberType {
  var isFloat: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }

  var isSigned: Bool {
    switch self {
    case .int8, .int16, .int32, .int64: true
    default: isFloat
    }
  }
}
