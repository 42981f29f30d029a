import TensorEngine

/// An open MRC file; blocks are read from the disk as they are asked for.
final class MRCReader: ImageReader {
  let info: ImageInfo
  private(set) var notes: [String]

  private let array: RawArray
  private let order: AxisOrder
  /// Whether two elements share a byte; the array's last dimension then counts bytes.
  private let isPacked: Bool

  init(_ source: ByteSource, _ options: LoadOptions) throws {
    let bytes = try source.bytes(at: 0, upTo: MRCHeader.length)
    guard bytes.count == MRCHeader.length else {
      throw FormatError.damaged(
        source.path, "an MRC file has a header of 1024 bytes, this one \(bytes.count)")
    }
    guard let header = MRCHeader(bytes) else {
      throw FormatError.damaged(
        source.path, "its header gives no sensible size and type in either byte order")
    }
    let layout = try MRCLayout(header, source, options)
    order = layout.order
    notes = layout.notes
    let (number, stored) = try MRCReader.type(header, source.path)
    isPacked = number == nil
    var shape = order.fileShape
    if isPacked, let last = shape.indices.last { shape[last] = (shape[last] + 1) / 2 }
    let offset = MRCHeader.length + header[.extendedLength]
    array = RawArray(
      source: source, offset: offset, shape: shape,
      codec: NumberCodec(number ?? .uint8, order: header.order))
    try array.checkLength()
    if let size = source.size, let length = array.byteCount, size > offset + length {
      notes.append("the file is \(size - offset - length) bytes longer than its header says")
    }
    if isPacked { notes.append("stored in 4 bits: values run from 0 to 15") }
    // The length was checked where the file's is known; a packed file's header may still lie.
    try options.limit.check(header[.extendedLength], for: source.path)
    var info = ImageInfo(
      format: "mrc", source: source, order: order, stored: stored,
      header: FileHeader(
        format: "mrc", bytes: bytes,
        extended: try source.bytes(at: MRCHeader.length, count: header[.extendedLength]),
        notes: MRCReader.notes(of: header)))
    info.voxel = layout.voxel
    info.origin = layout.origin
    info.unit = layout.voxel == nil ? nil : "A"
    self.info = info
  }

  func values(in region: Region) throws -> [Float] {
    let block = order.inFile(region)
    let values = try isPacked ? unpacked(block) : array.values(in: block)
    return order.toImage(values, shape: block.shape)
  }

  /// Elements of half a byte: whole rows are read and cut to the block.
  private func unpacked(_ block: Region) throws -> [Float] {
    guard let columns = block.ranges.last else { return [] }
    let bytes = Region(
      block.ranges.dropLast() + [(columns.lowerBound / 2)..<((columns.upperBound + 1) / 2)])
    let pairs = try array.values(in: bytes)
    let width = bytes.shape.last ?? 0
    var values: [Float] = []
    values.reserveCapacity(block.shape.product)
    for row in stride(from: 0, to: pairs.count, by: max(1, width)) {
      for column in columns {
        let pair = Int(pairs[row + column / 2 - columns.lowerBound / 2])
        values.append(Float(column % 2 == 0 ? pair & 15 : pair >> 4))
      }
    }
    return values
  }

  /// How elements are stored; nil for half bytes.
  private static func type(
    _ header: MRCHeader, _ path: String
  ) throws -> (number: NumberType?, stored: StoredType) {
    let real = "save its amplitude or its inverse Fourier transform, which are real"
    switch MRCMode(rawValue: header[.mode]) {
    case .complexInt16, .complexFloat32:
      throw FormatError.unsupported(path, "complex numbers (MRC mode \(header[.mode]))", hint: real)
    case .rgb:
      throw FormatError.unsupported(
        path, "RGB pixels (MRC mode 16)", hint: "save it as TIFF or PNG there")
    case .uint4: return (nil, .uint8)
    case .int8:
      let isUnsigned = hasUnsignedBytes(header)
      return isUnsigned ? (.uint8, .uint8) : (.int8, .int8)
    case let mode?:
      guard let number = mode.number else { break }
      return (number, number.stored)
    case nil: break
    }
    throw FormatError.unsupported(
      path, "MRC mode \(header[.mode]), which the standard does not know",
      hint: "known are 0, 1, 2, 6, 12 and 101")
  }

  /// Whether bytes run from 0 to 255: IMOD says so by a flag, older programs only by their maximum.
  private static func hasUnsignedBytes(_ header: MRCHeader) -> Bool {
    if header[.imodStamp] == 1_146_047_817 { return header[.imodFlags] & 1 == 0 }
    let (low, high) = (header.float(.minimum), header.float(.maximum))
    return low >= 0 && high > 127 && high <= 255
  }

  private static func notes(of header: MRCHeader) -> [String: String] {
    var notes: [String: String] = [:]
    for (index, label) in header.labels.enumerated() { notes["label \(index + 1)"] = label }
    if !header.extendedType.isEmpty { notes["extended header"] = header.extendedType }
    return notes
  }
}
