import CHDF5Shim
import TensorEngine

/// An HDF5 file open for reading, by a process of its own, which a damaged file may end; closes
/// itself.
///
/// Calls from several threads wait for each other.
final class HDF5File {
  let path: String
  private let handle: OpaquePointer

  /// - Throws: `FormatError` where the library is missing or the file is damaged.
  init(_ path: String) throws {
    self.path = path
    var message = [CChar](repeating: 0, count: Int(DN_H5_MESSAGE))
    var opened: OpaquePointer?
    switch dn_h5_open(path, &opened, &message) {
    case Int32(DN_H5_NO_LIBRARY): throw HDF5File.noLibrary(message)
    case Int32(DN_H5_NO_READER):
      throw FormatError(.system, "HDF5 files cannot be read: \(PNGReader.text(message))")
    case Int32(DN_H5_LOST): throw HDF5File.lost(path, "as it opened it")
    default: break
    }
    guard let opened else { throw FormatError.damaged(path, "the HDF5 library cannot open it") }
    handle = opened
  }

  deinit { dn_h5_close(handle) }

  /// Paths of the data sets, such as `/entry/data/frames`, some hundreds of them at most.
  func datasets() throws -> [String] {
    final class Names { var list: [String] = [] }
    let names = Names()
    let code = dn_h5_list(
      handle, 500,
      { context, path in
        guard let context, let path else { return }
        Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().list.append(
          String(cString: path))
      }, Unmanaged.passUnretained(names).toOpaque())
    try check(code, "as it listed its data sets")
    return names.list
  }

  /// The data set or group of a path; nil where there is none.
  func object(_ path: String) throws -> HDF5Object? {
    var identifier: dn_h5_id = -1
    var info = dn_h5_info()
    let code = dn_h5_object(handle, path, &identifier, &info)
    try check(code, "at \(path)")
    return code == 0 ? HDF5Object(file: self, path: path, identifier, info) : nil
  }

  /// Calls the shim with the file's handle.
  fileprivate func call<Result>(_ body: (OpaquePointer) -> Result) -> Result { body(handle) }

  /// Throws where a call says that the reader ended, or the user stopped it.
  fileprivate func check(_ code: Int32, _ place: String) throws {
    switch code {
    case Int32(DN_H5_LOST): throw HDF5File.lost(path, place)
    case Int32(DN_H5_INTERRUPTED): throw Interrupted()
    case Int32(DN_H5_NO_MEMORY):
      throw FormatError(
        .tooLarge, "there is no memory to read \"\(path)\" through",
        hint: "read a part of it, or raise the limits of `ulimit`")
    default: break
    }
  }

  /// Loads the library into the program itself, once, for writing.
  static func loadLibrary() throws {
    var message = [CChar](repeating: 0, count: Int(DN_H5_MESSAGE))
    guard dn_h5_load(&message) == 0 else { throw noLibrary(message) }
  }

  private static func noLibrary(_ message: [CChar]) -> FormatError {
    FormatError(
      .system, "HDF5 files cannot be used: \(PNGReader.text(message))",
      hint: "install libhdf5 (Debian: libhdf5-103-1)")
  }

  private static func lost(_ path: String, _ place: String) -> FormatError {
    FormatError.damaged(
      path, "the HDF5 library broke down \(place)",
      hint: "copy or download it again; or write it anew with h5repack or h5py, where they read it")
  }
}

/// A data set or group in an HDF5 file; closes itself.
final class HDF5Object {
  let path: String
  /// Slowest dimension first; empty for groups.
  let shape: [Int]
  /// nil where the elements are no numbers.
  let type: NumberType?

  /// Kept open as long as its objects.
  private let file: HDF5File
  private let identifier: dn_h5_id
  private let info: dn_h5_info

  fileprivate init(file: HDF5File, path: String, _ identifier: dn_h5_id, _ info: dn_h5_info) {
    self.file = file
    self.path = path
    self.identifier = identifier
    self.info = info
    shape = withUnsafeBytes(of: info.shape) { bytes in
      bytes.bindMemory(to: UInt64.self).prefix(Int(info.rank)).map { Int(clamping: $0) }
    }
    type =
      info.is_dataset == 0
      ? nil : HDF5Object.types.first { $0.code == Int(info.type) }?.type
  }

  deinit { file.call { dn_h5_close_object($0, identifier) } }

  var isDataset: Bool { info.is_dataset != 0 }

  /// A block in single precision.
  func floats(_ region: Region) throws -> [Float] {
    if region.ranges.contains(where: \.isEmpty) { return [] }
    return try [Float](unsafeUninitializedCapacity: region.shape.product) { values, filled in
      try read(region.ranges, DN_H5_FLOAT32, into: values.baseAddress)
      filled = region.shape.product
    }
  }

  /// Part of a data set of one dimension.
  func doubles(_ range: Range<Int>) throws -> [Double] {
    guard shape.count == 1, range.lowerBound >= 0, range.upperBound <= shape[0] else {
      throw damaged
    }
    if range.isEmpty { return [] }
    return try [Double](unsafeUninitializedCapacity: range.count) { values, filled in
      try read([range], DN_H5_FLOAT64, into: values.baseAddress)
      filled = range.count
    }
  }

  private func read(_ ranges: [Range<Int>], _ type: Int, into values: UnsafeMutableRawPointer?)
    throws
  {
    guard ranges.count == shape.count else { throw damaged }
    let start = ranges.map { UInt64($0.lowerBound) }
    let count = ranges.map { UInt64($0.count) }
    let code = file.call { handle in
      withUnsafePointer(to: info) {
        dn_h5_read(handle, identifier, $0, Int32(type), start, count, values)
      }
    }
    try file.check(code, "at its data set \(path)")
    if code != 0 { throw damaged }
  }

  /// Where its numbers lie in the file, unpacked and in the machine's order; nil where they do not.
  var plainOffset: Int? { info.offset >= 0 ? Int(info.offset) : nil }

  /// The numbers of an attribute; nil where there is none, or no numbers.
  func numbers(_ name: String) throws -> [Double]? {
    var values = [Double](repeating: 0, count: 16)
    let count = file.call {
      dn_h5_numbers($0, identifier, name, &values, Int32(values.count))
    }
    try file.check(count, "at an attribute of \(path)")
    return count > 0 ? Array(values.prefix(Int(count))) : nil
  }

  /// The text of an attribute; nil where there is none.
  func text(_ name: String) throws -> String? {
    var text = [CChar](repeating: 0, count: 4096)
    let length = file.call { dn_h5_text($0, identifier, name, &text, Int32(text.count)) }
    try file.check(length, "at an attribute of \(path)")
    guard length >= 0 else { return nil }
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
