import CTIFFShim

/// A TIFF file open for reading by libtiff; closes itself.
final class TIFFFile {
  let path: String
  let pageCount: Int

  private let handle: OpaquePointer
  private let limit: MemoryLimit
  private var described: Int?

  /// - Throws: `FormatError` of kind `damaged` where there is no page that can be read, or the
  ///   list of pages is damaged.
  init(_ source: ByteSource, limit: MemoryLimit) throws {
    path = source.path
    self.limit = limit
    var message = [CChar](repeating: 0, count: Int(DN_TIFF_MESSAGE))
    let opened: OpaquePointer?
    if source.packing == .none {
      opened = dn_tiff_open(source.path, &message)
    } else {
      let bytes = try source.all(limit: limit)
      opened = dn_tiff_open_bytes(bytes, bytes.count, &message)
    }
    guard let opened else { throw FormatError.damaged(source.path, PNGReader.text(message)) }
    handle = opened
    pageCount = Int(dn_tiff_pages(opened))
    let complaint = String(cString: dn_tiff_message(opened))
    guard complaint.isEmpty else {
      throw FormatError.damaged(path, "after page \(pageCount), \(TIFFFile.tidy(complaint))")
    }
  }

  deinit { dn_tiff_close(handle) }

  /// What a page says.
  func page(_ index: Int) throws -> TIFFPage {
    var info = dn_tiff_page()
    guard dn_tiff_describe(handle, UInt32(clamping: index), &info) == 0 else {
      throw failure(index)
    }
    described = index
    guard info.width > 0, info.height > 0, info.samples > 0, info.bits > 0 else {
      throw FormatError.damaged(
        path, "its page \(index + 1) is \(info.width)x\(info.height) of \(info.bits) bits")
    }
    return TIFFPage(info, rowBytes: dn_tiff_row_bytes(handle))
  }

  /// The description of a page; empty where there is none.
  func description(_ index: Int) throws -> String {
    if described != index { _ = try page(index) }
    return dn_tiff_description(handle).map { String(cString: $0) } ?? ""
  }

  /// The colour map of a page: reds, greens, blues.
  func palette(_ index: Int, bits: Int) throws -> [UInt16] {
    if described != index { _ = try page(index) }
    var entries = [UInt16](repeating: 0, count: 3 << bits)
    guard dn_tiff_palette(handle, &entries, entries.count) == 0 else {
      throw FormatError.damaged(path, "its page \(index + 1) has no colour map")
    }
    return entries
  }

  /// Rows of a page as bytes, in the machine's order. They are read whole, however few of their pixels
  /// are wanted.
  ///
  /// - Throws: `FormatError` of kind `tooLarge` where they, or their numbers, do not fit in memory.
  func rows(_ rows: Range<Int>, of index: Int, _ page: TIFFPage, plane: Int) throws -> [UInt8] {
    if described != index { _ = try self.page(index) }
    try limit.check(shape: [rows.count, page.width, page.samplesInPlane], for: path)
    let (count, overflow) = rows.count.multipliedReportingOverflow(by: page.rowBytes)
    try limit.check(overflow ? Int.max : count, for: path)
    var bytes = [UInt8](repeating: 0, count: count)
    let code = dn_tiff_read(
      handle, UInt16(clamping: plane), UInt32(clamping: rows.lowerBound),
      UInt32(clamping: rows.count), &bytes, bytes.count)
    guard code == 0 else { throw failure(index) }
    return bytes
  }

  private func failure(_ index: Int) -> FormatError {
    let reason = TIFFFile.tidy(String(cString: dn_tiff_message(handle)))
    return FormatError.damaged(
      path, "page \(index + 1) cannot be unpacked\(reason.isEmpty ? "" : ": \(reason)")")
  }

  /// The library's sentence without its last stop.
  private static func tidy(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
