import CHDF5Shim
import TensorEngine

/// Writes an image as one data set of a new HDF5 file, with its axes and voxel size as attributes.
struct HDF5Writer {
  private let image: Image
  private let type: NumberType
  private let code: Int32
  private let key: String
  private let level: Int32
  private let provenance: String?

  init(_ image: Image, path: String, _ options: SaveOptions) throws {
    let dtype = options.dtype ?? image.stored
    guard let number = NumberType(dtype == .bit ? .uint8 : dtype),
      let code = HDF5Object.types.first(where: { $0.type == number })?.code
    else {
      throw FormatError(
        .badRequest, "real numbers cannot be saved as \(dtype.rawValue): \"\(path)\"",
        hint: "use dtype=float32")
    }
    switch options.compression ?? .none {
    case .none: level = 0
    case .deflate: level = 4
    case .lzw, .zstd:
      throw FormatError(
        .badRequest, "an HDF5 file is packed with deflate only: \"\(path)\"",
        hint: "use compress=deflate")
    }
    self.image = image
    type = number
    self.code = Int32(code)
    key = options.key ?? "data"
    provenance = options.provenance
    guard !key.isEmpty, !key.hasSuffix("/"), !key.contains("//") else {
      throw FormatError(.badRequest, "a data set cannot be named \"\(key)\"")
    }
  }

  /// - Throws: `FormatError` where the disk is full, `Interrupted` where the user stopped it.
  func write(to file: OutputFile) throws -> SaveReport {
    try file.checkNotPacked()
    try HDF5File.loadLibrary()
    let handle = dn_h5_create(file.temporaryPath)
    guard handle >= 0 else { throw failure(file) }
    defer { dn_h5_close(handle) }
    let shape = image.shape.map { UInt64($0) }
    // A chunk is one picture, so that stacks are read picture by picture.
    let chunk = image.shape.enumerated().map { axis, size in
      axis < image.shape.count - 2 ? 1 : UInt64(max(1, min(size, 1024)))
    }
    let dataset = dn_h5_create_dataset(
      handle, key, code, Int32(shape.count), shape, chunk, image.tensor.count > 0 ? level : 0)
    guard dataset >= 0 else { throw failure(file) }
    defer { dn_h5_close_object(dataset) }
    var report = SaveReport(stored: type.stored)
    try writeElements(dataset, file, &report)
    guard setAttributes(dataset), dn_h5_flush(handle) == 0 else { throw failure(file) }
    return report
  }

  private func writeElements(
    _ dataset: dn_h5_id, _ file: OutputFile, _ report: inout SaveReport
  ) throws {
    if image.tensor.count == 0 { return }
    let codec = NumberCodec(type, order: .host)
    let outer = Array(image.shape.dropLast(2))
    let plane = image.shape.suffix(2).reduce(1, *)
    var (counter, first) = (OuterIndex(outer), 0)
    repeat {
      try Interrupt.check()
      let bytes = codec.encode(
        image.tensor.values[first..<(first + plane)], losses: &report.losses)
      let start = counter.index.map { UInt64($0) } + image.shape.suffix(2).map { _ in 0 }
      let count = counter.index.map { _ in 1 } + image.shape.suffix(2).map { UInt64($0) }
      guard dn_h5_write(dataset, code, Int32(start.count), start, count, bytes) == 0 else {
        throw failure(file)
      }
      first += plane
    } while counter.advance()
  }

  private func setAttributes(_ dataset: dn_h5_id) -> Bool {
    var codes = [dn_h5_set_text(dataset, "axes", image.axes)]
    if let voxel = image.voxel, !voxel.isEmpty {
      codes.append(dn_h5_set_numbers(dataset, "voxel", voxel, Int32(voxel.count)))
      if let unit = image.unit { codes.append(dn_h5_set_text(dataset, "unit", unit)) }
    }
    if let origin = image.origin, !origin.isEmpty {
      codes.append(dn_h5_set_numbers(dataset, "origin", origin, Int32(origin.count)))
    }
    if let provenance { codes.append(dn_h5_set_text(dataset, "provenance", provenance)) }
    return codes.allSatisfy { $0 == 0 }
  }

  private func failure(_ file: OutputFile) -> FormatError {
    let error = SystemError.writing(file.path, SystemError.number)
    return error.kind == .tooLarge
      ? error
      : FormatError(.system, "the HDF5 library cannot write \"\(file.path)\" (data set \(key))")
  }
}
