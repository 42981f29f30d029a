import TensorEngine

/// An MRC file being written; what the header that the image came with says, stays.
final class MRCWriter: RunWriter {
  /// How rows lie in the file; those of `write` are in its order.
  let order: AxisOrder

  private let file: OutputFile
  private let elements: RawElements
  private let codec: NumberCodec
  private var header: MRCHeader
  private var report: SaveReport
  private var statistics = Statistics()

  /// - Throws: `FormatError` of kind `badRequest` where MRC has no place for such an image or type.
  init(_ info: ImageInfo, to file: OutputFile, _ options: SaveOptions) throws {
    let mode = try MRCWriter.mode(info, file.path, options)
    guard let number = mode.number else {
      throw FormatError(.badRequest, "MRC mode \(mode.rawValue) is not written")
    }
    let kept = info.header.flatMap { $0.format == "mrc" ? MRCHeader($0.bytes) : nil }
    let geometry = try MRCGeometry(info, kept, file.path)
    report = SaveReport(stored: number.stored)
    report.notes = geometry.notes
    header = geometry.header
    header[.mode] = mode.rawValue
    header.setMark()
    // The bytes are signed, or two of them: IMOD's flag for unsigned bytes no longer holds.
    if header[.imodStamp] == 1_146_047_817 { header[.imodFlags] |= 1 }
    let extended = geometry.takeExtendedHeader(info.header?.extended ?? [], &report)
    header[.extendedLength] = extended.count
    if extended.isEmpty { header.extendedType = "" }
    // Symmetry records were there before the word that names them.
    if !extended.isEmpty, header.extendedType.isEmpty, extended.count % 80 == 0 {
      header.extendedType = "CCP4"
    }
    header[.version] = 20141
    // A label is a line.
    if let label = options.provenance?.split(whereSeparator: \.isNewline).first {
      header.append(label: String(label))
    }
    order = geometry.order
    codec = NumberCodec(number, order: header.order)
    self.file = file
    elements = RawElements(file, codec, offset: MRCHeader.length + extended.count)
    try file.write(extended, at: MRCHeader.length)
  }

  var width: Int { order.fileShape.last ?? 1 }

  func write(_ values: ArraySlice<Float>, element first: Int) throws {
    let codec = codec
    try elements.write(values, element: first) { statistics.add(codec.decode($0)) }
  }

  /// Writes the header, whose statistics are those of the numbers in the file.
  func finish() throws -> SaveReport {
    header.set(.minimum, float: statistics.minimum)
    header.set(.maximum, float: statistics.maximum)
    header.set(.mean, float: statistics.mean)
    header.set(.rms, float: statistics.deviation)
    try file.write(header.bytes, at: 0)
    report.losses = elements.losses
    return report
  }

  /// Adds to what the user is told.
  func note(_ sentence: String) { report.notes.append(sentence) }

  /// The same header with columns along X, rows along Y and sections along Z.
  static func withPlainAxes(_ header: FileHeader) -> FileHeader {
    guard header.format == "mrc", var changed = MRCHeader(header.bytes) else { return header }
    // The start indices go with the axes.
    let place = zip(changed.axisNumbers, changed.triple(.start)).sorted { $0.0 < $1.0 }.map(\.1)
    changed.setTriple(.axes, [1, 2, 3])
    changed.setTriple(.start, place)
    var result = header
    result.bytes = changed.bytes
    return result
  }

  private static func mode(
    _ info: ImageInfo, _ path: String, _ options: SaveOptions
  ) throws -> MRCMode {
    guard let dtype = options.dtype else { return MRCMode(storing: info.stored) }
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
