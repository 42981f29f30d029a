import TensorEngine

/// An image file that is written as its elements come.
///
/// Elements are counted by rows: the last axis of the image, all rows before one another in
/// row-major order. What has no axes has one row.
protocol ImageWriter: AnyObject {
  /// Takes consecutive whole rows.
  ///
  /// - Parameters:
  ///   - values: As many as the rows have.
  ///   - first: Number of the first row. Writers that cannot skip want it where the last call
  ///     ended; see `goesOn`.
  /// - Throws: `FormatError` where the disk is full, `Interrupted` where the user stopped it.
  func write(_ values: ArraySlice<Float>, row first: Int) throws
  /// Ends the file after the last row.
  func finish() throws -> SaveReport
  /// Whether rows must come one after the other.
  var goesOn: Bool { get }
}

/// An image file whose elements may come in runs of any length and in any order.
protocol RunWriter: ImageWriter {
  /// Elements of a row.
  var width: Int { get }
  /// Takes consecutive elements.
  ///
  /// - Parameter first: Number of the first, row-major. All have to come once.
  /// - Throws: as `write(_:row:)`.
  func write(_ values: ArraySlice<Float>, element first: Int) throws
}

extension RunWriter {
  var goesOn: Bool { false }

  func write(_ values: ArraySlice<Float>, row first: Int) throws {
    try write(values, element: first * width)
  }
}

/// A format whose files are written row by row, and so may be larger than memory.
protocol StreamedFormat: Format {
  /// Begins a file.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the format has no place for such an image.
  func writer(
    _ info: ImageInfo, to file: OutputFile, _ options: SaveOptions
  ) throws -> any ImageWriter
}

extension StreamedFormat {
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let image = try image(of: content, for: file)
    let writer = try writer(ImageInfo(image), to: file, options)
    try writer.write(image.tensor.values[...], row: 0)
    return try writer.finish()
  }
}

/// A format whose files are folders.
protocol FolderFormat: Format {
  /// Whether a folder is of this format.
  func recognises(folder: String) -> Bool
  func open(folder: String, _ options: LoadOptions) throws -> any ImageReader
  /// Begins a folder; see `StreamedFormat`.
  func writer(
    _ info: ImageInfo, to folder: OutputFolder, _ options: SaveOptions
  ) throws -> any ImageWriter
}

extension FolderFormat {
  public func recognises(_ head: FileHead) -> Bool { false }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    throw FormatError(.notAFile, "a \(name) image is a folder, not a file: \"\(source.path)\"")
  }
}

/// Keeps all rows, for formats that write an image at once.
final class CollectingWriter: RunWriter {
  let width: Int
  private var values: [Float]
  private let save: ([Float]) throws -> SaveReport

  /// - Parameter save: Writes the whole.
  /// - Throws: `FormatError` of kind `tooLarge` where the image does not fit in memory.
  init(
    _ info: ImageInfo, _ options: SaveOptions, _ path: String,
    _ save: @escaping ([Float]) throws -> SaveReport
  ) throws {
    do {
      try options.limit.check(shape: info.shape, for: path)
    } catch let error as FormatError {
      throw FormatError(
        error.kind, "\(error.message); this file cannot be written piece by piece",
        hint: "write a .mrc, .h5, .zarr or .npy file")
    }
    values = Array(repeating: 0, count: info.shape.product)
    width = info.shape.last ?? 1
    self.save = save
  }

  func write(_ part: ArraySlice<Float>, element first: Int) throws {
    values.replaceSubrange(first..<first + part.count, with: part)
  }

  func finish() throws -> SaveReport { try save(values) }
}

/// Writes an array uncompressed and row-major from some position of a file on.
final class RawElements {
  private let file: OutputFile
  private let codec: NumberCodec
  private let offset: Int
  private(set) var losses = Losses()

  /// - Parameter offset: Where the first number lies, in bytes.
  init(_ file: OutputFile, _ codec: NumberCodec, offset: Int) {
    self.file = file
    self.codec = codec
    self.offset = offset
  }

  /// - Parameter observe: told the numbers of each piece as the file will hold them, in bytes.
  func write(
    _ values: ArraySlice<Float>, element first: Int, observe: ([UInt8]) -> Void = { _ in }
  ) throws {
    var position = offset + first * codec.type.size
    for piece in ArrayWriter.pieces(of: values) {
      try Interrupt.check()
      let bytes = codec.encode(piece, losses: &losses)
      observe(bytes)
      try file.write(bytes, at: position)
      position += bytes.count
    }
  }
}

/// An image file under way, for whoever makes an image piece by piece.
public final class StreamedFile {
  public let info: ImageInfo
  private let path: String
  private let writer: any ImageWriter
  private let format: String
  private let commit: () throws -> Int

  /// - Parameter commit: Puts the file in its place and gives its size in bytes.
  init(
    _ info: ImageInfo, _ path: String, _ writer: any ImageWriter, format: String,
    commit: @escaping () throws -> Int
  ) {
    self.info = info
    self.path = path
    self.writer = writer
    self.format = format
    self.commit = commit
  }

  /// Takes consecutive whole rows (of the last axis).
  ///
  /// - Parameter first: Number of the first row, row-major. All rows must come in the end; where
  ///   `isOrdered`, in their order.
  /// - Throws: `FormatError` where the disk is full.
  public func write(_ values: [Float], row first: Int) throws {
    try writer.write(values[...], row: first)
  }

  /// Whether rows must come in their order.
  public var isOrdered: Bool { writer.goesOn }

  /// Whether elements may come in runs that are no whole rows, in any order.
  public var takesRuns: Bool { writer is any RunWriter }

  /// Takes consecutive elements.
  ///
  /// - Parameter first: Number of the first, row-major; unless the file `takesRuns`, it begins a row,
  ///   and the elements make whole rows.
  /// - Throws: as `write(_:row:)`.
  public func write(_ values: ArraySlice<Float>, element first: Int) throws {
    if let writer = writer as? any RunWriter { return try writer.write(values, element: first) }
    let width = max(1, info.shape.last ?? 1)
    guard first % width == 0, values.count % width == 0 else {
      throw FormatError(.badRequest, "\(format) files are written in whole rows: \"\(path)\"")
    }
    try writer.write(values, row: first / width)
  }

  /// Puts the finished file in its place. If this is never called, nothing is left of it.
  public func finish() throws -> SaveReport {
    var report = try writer.finish()
    report.bytes = try commit()
    report.path = path
    report.format = format
    report.noteLosses()
    return report
  }
}
