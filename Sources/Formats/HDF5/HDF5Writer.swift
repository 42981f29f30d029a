import CHDF5Shim
import TensorEngine

/// One data set of a new HDF5 file being written, with its axes and voxel size as attributes.
final class HDF5Writer: ImageWriter {
  let goesOn = false

  private let info: ImageInfo
  private let path: String
  private let key: String
  private let codec: NumberCodec
  private let code: Int32
  private let handle: dn_h5_id
  private let dataset: dn_h5_id
  private var isOpen = true
  private var report: SaveReport

  init(_ info: ImageInfo, to file: OutputFile, _ options: SaveOptions) throws {
    try file.checkNotPacked()
    path = file.path
    self.info = info
    let dtype = options.dtype ?? info.stored
    let number = try NumberType(real: dtype == .bit ? .uint8 : dtype, path)
    guard let code = HDF5Object.types.first(where: { $0.type == number })?.code else {
      throw FormatError(.badRequest, "HDF5 has no \(number.rawValue): \"\(path)\"")
    }
    self.code = Int32(code)
    codec = NumberCodec(number, order: .host)
    report = SaveReport(stored: number.stored)
    key = options.key ?? "data"
    guard !key.isEmpty, !key.hasSuffix("/"), !key.contains("//") else {
      throw FormatError(.badRequest, "a data set cannot be named \"\(key)\"")
    }
    let level = try HDF5Writer.level(options.compression ?? .none, path)
    try HDF5File.loadLibrary()
    handle = dn_h5_create(file.temporaryPath)
    guard handle >= 0 else { throw HDF5Writer.failure(path, key) }
    // A chunk is one picture, so that stacks are read picture by picture.
    let chunk = info.shape.enumerated().map { axis, size in
      axis < info.shape.count - 2 ? 1 : UInt64(max(1, min(size, 1024)))
    }
    dataset = dn_h5_create_dataset(
      handle, key, self.code, Int32(info.shape.count), info.shape.map { UInt64($0) }, chunk,
      info.shape.contains(0) ? 0 : level)
    guard dataset >= 0, HDF5Writer.setAttributes(dataset, info, options.provenance) else {
      _ = dn_h5_close_written(handle, dataset)
      throw HDF5Writer.failure(path, key)
    }
  }

  deinit { _ = close() }

  /// Closes the file, which until then no reader may open: the library locks it.
  private func close() -> Bool {
    guard isOpen else { return true }
    isOpen = false
    return dn_h5_close_written(handle, dataset) == 0
  }

  func write(_ values: ArraySlice<Float>, row first: Int) throws {
    if values.isEmpty { return }
    let width = info.shape.last ?? 1
    let height = info.shape.count < 2 ? 1 : info.shape[info.shape.count - 2]
    let outer = Array(info.shape.dropLast(2))
    var (row, position) = (first, values.startIndex)
    while position < values.endIndex {
      try Interrupt.check()
      // Rows of one picture.
      let count = min(height - row % height, (values.endIndex - position) / width)
      let bytes = codec.encode(
        values[position..<position + count * width], losses: &report.losses)
      var rest = row / height
      let place = outer.strides.map { stride in
        defer { rest %= stride }
        return UInt64(rest / stride)
      }
      let start = (place + [UInt64(row % height), 0]).suffix(info.shape.count)
      let size = (place.map { _ in 1 } + [UInt64(count), UInt64(width)]).suffix(info.shape.count)
      guard dn_h5_write(dataset, code, Int32(start.count), Array(start), Array(size), bytes) == 0
      else { throw HDF5Writer.failure(path, key) }
      row += count
      position += count * width
    }
  }

  func finish() throws -> SaveReport {
    guard dn_h5_flush(handle) == 0, close() else { throw HDF5Writer.failure(path, key) }
    return report
  }

  private static func level(_ compression: SaveOptions.Compression, _ path: String) throws -> Int32
  {
    switch compression {
    case .none: return 0
    case .deflate: return 4
    case .lzw, .zstd, .blosc:
      throw FormatError(
        .badRequest, "an HDF5 file is packed with deflate only: \"\(path)\"",
        hint: "use compress=deflate")
    }
  }

  private static func setAttributes(
    _ dataset: dn_h5_id, _ info: ImageInfo, _ provenance: String?
  ) -> Bool {
    var codes = [dn_h5_set_text(dataset, "axes", info.axes)]
    if let voxel = info.voxel, !voxel.isEmpty {
      codes.append(dn_h5_set_numbers(dataset, "voxel", voxel, Int32(voxel.count)))
      if let unit = info.unit { codes.append(dn_h5_set_text(dataset, "unit", unit)) }
    }
    if let origin = info.origin, !origin.isEmpty {
      codes.append(dn_h5_set_numbers(dataset, "origin", origin, Int32(origin.count)))
    }
    if let channels = info.channels, !channels.contains(where: { $0.contains("|") }) {
      codes.append(dn_h5_set_text(dataset, "channels", channels.joined(separator: "|")))
    }
    if let provenance { codes.append(dn_h5_set_text(dataset, "provenance", provenance)) }
    return codes.allSatisfy { $0 == 0 }
  }

  private static func failure(_ path: String, _ key: String) -> FormatError {
    let error = SystemError.writing(path, SystemError.number)
    return error.kind == .tooLarge
      ? error
      : FormatError(.system, "the HDF5 library cannot write \"\(path)\" (data set \(key))")
  }
}
