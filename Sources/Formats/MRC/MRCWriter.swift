import TensorEngine

/// Writes an image as an MRC file; what the header it came with says, stays.
struct MRCWriter {
  private var header: MRCHeader
  private var report: SaveReport
  private let extended: [UInt8]
  private let values: [Float]
  private let codec: NumberCodec

  /// - Throws: `FormatError` of kind `badRequest` where MRC has no place for such an image or type.
  init(_ image: Image, path: String, _ options: SaveOptions) throws {
    let mode = try MRCWriter.mode(image, path, options)
    guard let number = mode.number else {
      throw FormatError(.badRequest, "MRC mode \(mode.rawValue) is not written")
    }
    let kept = image.header.flatMap { $0.format == "mrc" ? MRCHeader($0.bytes) : nil }
    let geometry = try MRCGeometry(image, kept, path)
    report = SaveReport(stored: number.stored)
    report.notes = geometry.notes
    header = geometry.header
    header[.mode] = mode.rawValue
    header.setMark()
    // The bytes are signed, or two of them: IMOD's flag for unsigned bytes no longer holds.
    if header[.imodStamp] == 1_146_047_817 { header[.imodFlags] |= 1 }
    extended = geometry.takeExtendedHeader(image.header?.extended ?? [], &report)
    header[.extendedLength] = extended.count
    if extended.isEmpty { header.extendedType = "" }
    // Symmetry records were there before the word that names them.
    if !extended.isEmpty, header.extendedType.isEmpty, extended.count % 80 == 0 {
      header.extendedType = "CCP4"
    }
    header[.version] = 20141
    if let label = options.provenance { header.append(label: label) }
    values = geometry.order.toFile(image.tensor.values, shape: image.shape)
    codec = NumberCodec(number, order: header.order)
  }

  func write(to file: OutputFile) throws -> SaveReport {
    var (header, report) = (header, report)
    var statistics = Statistics()
    var ignored = Losses()
    for piece in ArrayWriter.pieces(of: values) {
      try Interrupt.check()
      let bytes = codec.encode(piece, losses: &ignored)
      statistics.add(codec.decode(bytes))
    }
    header.set(.minimum, float: statistics.minimum)
    header.set(.maximum, float: statistics.maximum)
    header.set(.mean, float: statistics.mean)
    header.set(.rms, float: statistics.deviation)
    try file.write(header.bytes)
    try file.write(extended)
    try ArrayWriter(codec: codec).write(values, to: file, losses: &report.losses)
    return report
  }

  private static func mode(
    _ image: Image, _ path: String, _ options: SaveOptions
  ) throws -> MRCMode {
    guard let dtype = options.dtype else { return MRCMode(storing: image.stored) }
    guard let mode = MRCMode(exactly: dtype) else {
      throw FormatError(
        .badRequest, "an MRC file cannot store \(dtype.rawValue): \"\(path)\"",
        hint: "use int8, int16, uint16, float16 or float32")
    }
    return mode
  }

  /// Extent, mean and standard deviation of the finite values, in double precision.
  private struct Statistics {
    private(set) var minimum = 0.0
    private(set) var maximum = 0.0
    private var count = 0.0
    private var sum = 0.0
    private var squares = 0.0
    /// Sums are taken around the first value, so that little is lost to rounding.
    private var shift = 0.0

    var mean: Double { count == 0 ? 0 : shift + sum / count }
    var deviation: Double {
      count == 0 ? 0 : max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
    }

    mutating func add(_ values: [Float]) {
      for value in values where value.isFinite {
        let value = Double(value)
        if count == 0 { (shift, minimum, maximum) = (value, value, value) }
        count += 1
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        sum += value - shift
        squares += (value - shift) * (value - shift)
      }
    }
  }
}
