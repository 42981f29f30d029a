import CTIFFShim
import TensorEngine

/// A TIFF file being written page by page, with ImageJ's description, which most programs read.
final class TIFFWriter: ImageWriter {
  let layout: TIFFLayout
  let goesOn = true

  private let handle: OpaquePointer
  private let path: String
  private let codec: NumberCodec
  private let compression: UInt16
  private let pixelSize: (x: Double, y: Double)?
  private let software: String?
  private var report: SaveReport
  /// Rows of a page that is not complete yet, as the file will hold them.
  private var pending: [UInt8] = []
  private var nextRow = 0
  private var nextPage = 0

  init(_ info: ImageInfo, to file: OutputFile, _ options: SaveOptions) throws {
    let dtype = options.dtype ?? info.stored
    let type = try NumberType(real: dtype == .bit ? .uint8 : dtype, file.path)
    codec = NumberCodec(type, order: .host)
    path = file.path
    compression = try TIFFWriter.code(options.compression ?? .none, path)
    guard dn_tiff_can_pack(compression) != 0 else {
      throw FormatError(
        .unsupported,
        "this machine's TIFF library cannot pack with \(options.compression ?? .none)",
        hint: "use compress=deflate")
    }
    layout = try TIFFLayout(info, type: type, path: path, provenance: options.provenance)
    let spatial = info.spatialAxes.count
    pixelSize = info.voxel.flatMap { voxel in
      voxel.count == spatial && voxel.count >= 2 ? (voxel[spatial - 1], voxel[spatial - 2]) : nil
    }
    software = options.provenance
    report = SaveReport(stored: type.stored)
    var message = [CChar](repeating: 0, count: Int(DN_TIFF_MESSAGE))
    // Room for the directories beside the pixels.
    let bytes = (info.shape + [type.size]).checkedProduct ?? Int.max
    let isBig = bytes > 4_000_000_000 - layout.pageShape.product * 400
    guard let handle = dn_tiff_create(file.temporaryPath, isBig ? 1 : 0, &message) else {
      throw FormatError(.system, "cannot write \"\(path)\": \(PNGReader.text(message))")
    }
    self.handle = handle
  }

  deinit { dn_tiff_close(handle) }

  /// Takes rows in the order of the file.
  func write(_ values: ArraySlice<Float>, row first: Int) throws {
    let width = layout.order.fileShape.last ?? 1
    guard first == nextRow else {
      throw FormatError(
        .badRequest, "the pages of a TIFF file are written in their order: \"\(path)\"",
        hint: "write a .mrc, .h5 or .zarr file")
    }
    nextRow += values.count / max(1, width)
    let pageBytes = layout.width * layout.height * layout.samples * codec.type.size
    for piece in ArrayWriter.pieces(of: values) {
      try Interrupt.check()
      pending += codec.encode(piece, losses: &report.losses)
      var done = 0
      while pending.count - done >= pageBytes {
        try append(Array(pending[done..<done + pageBytes]))
        done += pageBytes
      }
      pending.removeFirst(done)
    }
  }

  func finish() throws -> SaveReport {
    guard dn_tiff_flush(handle) == 0 else { throw failure }
    return report
  }

  private var page: dn_tiff_page {
    let type = codec.type
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

  private func append(_ pixels: [UInt8]) throws {
    // The package tifffile takes two plain pages with ImageJ's description for a single one that
    // stands for both, as their pixels end before the second directory; it does not where a page's
    // pixels are out of order.
    let apart: UInt32 = layout.pageShape.product == 2 ? 1 : 0
    var page = self.page
    let code = withOptionalCString(nextPage == 0 ? layout.description : nil) { description in
      withOptionalCString(software) { software in
        dn_tiff_append(handle, &page, apart, description, software, pixels, pixels.count)
      }
    }
    guard code == 0 else { throw failure }
    nextPage += 1
  }

  private var failure: FormatError {
    let error = SystemError.writing(path, SystemError.number)
    if error.kind == .tooLarge { return error }
    return FormatError(
      .system, "cannot write \"\(path)\": \(String(cString: dn_tiff_message(handle)))")
  }

  private static func code(_ compression: SaveOptions.Compression, _ path: String) throws -> UInt16
  {
    switch compression {
    case .none: return 1
    case .lzw: return 5
    case .deflate: return 8
    case .zstd: return 50000
    case .blosc:
      throw FormatError(
        .badRequest, "a TIFF is not packed with blosc: \"\(path)\"",
        hint: "use compress=deflate, lzw or zstd")
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
