import CHDF5Shim

/// An HDF5 file open for reading; closes itself.
final class HDF5File {
  let path: String
  private let handle: dn_h5_id

  /// - Throws: `FormatError` where the library is missing or the file is damaged.
  init(_ path: String) throws {
    self.path = path
    try HDF5File.loadLibrary()
    handle = dn_h5_open(path)
    guard handle >= 0 else {
      throw FormatError.damaged(path, "the HDF5 library cannot open it")
    }
  }

  deinit { dn_h5_close(handle) }

  /// Paths of the data sets, such as `/entry/data/frames`, some hundreds of them at most.
  var datasets: [String] {
    final class Names { var list: [String] = [] }
    let names = Names()
    _ = dn_h5_list(
      handle, 500,
      { context, path in
        guard let context, let path else { return }
        Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().list.append(
          String(cString: path))
      }, Unmanaged.passUnretained(names).toOpaque())
    return names.list
  }

  /// The data set or group of a path; nil where there is none.
  func object(_ path: String) -> HDF5Object? {
    var isDataset: Int32 = 0
    let identifier = dn_h5_object(handle, path, &isDataset)
    guard identifier >= 0 else { return nil }
    return HDF5Object(file: self, path: path, identifier, isDataset: isDataset != 0)
  }

  /// Loads the library, once.
  static func loadLibrary() throws {
    var message = [CChar](repeating: 0, count: Int(DN_H5_MESSAGE))
    guard dn_h5_load(&message) == 0 else {
      throw FormatError(
        .system, "HDF5 files cannot be used: \(PNGReader.text(message))",
        hint: "install libhdf5 (Debian: libhdf5-103-1)")
    }
  }
}

/// A data set or group in an HDF5 file; closes itself.
final class HDF5Object {
  let path: String
  let isDataset: Bool
  /// Slowest dimension first; empty for groups.
  let shape: [Int]
  /// nil where the elements are no numbers.
  let type: NumberType?

  /// Kept open as long as its objects.
  private let file: HDF5File
  private let identifier: dn_h5_id

  fileprivate init(file: HDF5File, path: String, _ identifier: dn_h5_id, isDataset: Bool) {
    self.file = file
    self.path = path
    self.identifier = identifier
    self.isDataset = isDataset
    var info = dn_h5_info()
    if isDataset, dn_h5_describe(identifier, &info) == 0 {
      shape = withUnsafeBytes(of: info.shape) { bytes in
        bytes.bindMemory(to: UInt64.self).prefix(Int(info.rank)).map { Int(clamping: $0) }
      }
      type = HDF5Object.types.first { $0.code == Int(info.type) }?.type
    } else {
      shape = []
      type = nil
    }
  }

  deinit { dn_h5_close_object(identifier) }

  /// A block in single precision.
  func floats(_ region: Region) throws -> [Float] {
    let start = region.ranges.map { UInt64($0.lowerBound) }
    let count = region.ranges.map { UInt64($0.count) }
    if count.contains(0) { return [] }
    return try [Float](unsafeUninitializedCapacity: region.shape.product) { values, filled in
      let code = dn_h5_read_floats(
        identifier, Int32(start.count), start, count, values.baseAddress)
      guard code == 0 else { throw damaged }
      filled = region.shape.product
    }
  }

  /// Where its numbers lie in the file, unpacked and in the machine's order; nil where they do not.
  var plainOffset: Int? {
    let offset = dn_h5_plain_offset(identifier)
    return offset >= 0 ? Int(offset) : nil
  }

  /// Part of a data set of one dimension.
  func doubles(_ range: Range<Int>) throws -> [Double] {
    var values = [Double](repeating: 0, count: range.count)
    guard shape.count == 1, range.lowerBound >= 0, range.upperBound <= shape[0] else {
      throw damaged
    }
    if values.isEmpty { return values }
    let code = dn_h5_read_doubles(
      identifier, UInt64(range.lowerBound), UInt64(range.count), &values)
    guard code == 0 else { throw damaged }
    return values
  }

  /// The numbers of an attribute; nil where there is none, or no numbers.
  func numbers(_ name: String) -> [Double]? {
    var values = [Double](repeating: 0, count: 16)
    let count = dn_h5_numbers(identifier, name, &values, Int32(values.count))
    return count > 0 ? Array(values.prefix(Int(count))) : nil
  }

  /// The text of an attribute; nil where there is none.
  func text(_ name: String) -> String? {
    var text = [CChar](repeating: 0, count: 4096)
    guard dn_h5_text(identifier, name, &text, Int32(text.count)) >= 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private var damaged: FormatError {
    FormatError.damaged(
      file.path, "its data set \(path) cannot be unpacked",
      hint: "copy or download it again; or, where it is packed by a filter that this HDF5 library "
        + "lacks, such as h5py's lzf, write it with gzip")
  }

  /// The shim's codes of number types.
  static let types: [(code: Int, type: NumberType)] = codes.map { (code: $0.0, type: $0.1) }

  private static let codes: [(Int, NumberType)] = [
    (DN_H5_UINT8, .uint8), (DN_H5_INT8, .int8),
    (DN_H5_UINT16, .uint16), (DN_H5_INT16, .int16),
    (DN_H5_UINT32, .uint32), (DN_H5_INT32, .int32),
    (DN_H5_UINT64, .uint64), (DN_H5_INT64, .int64),
    (DN_H5_FLOAT16, .float16), (DN_H5_FLOAT32, .float32),
    (DN_H5_FLOAT64, .float64), (DN_H5_BOOL, .bool),
  ]
}
