import TensorEngine

/// The files that can be read and written.
public enum Formats {
  /// Every format, in the order in which they are asked whether a file is theirs: those with an
  /// unmistakable mark first.
  public static let all: [any Format] = [
    PNGFormat(), TIFFFormat(), JPEGFormat(), HDF5Format(), NPYFormat(), NPZFormat(),
    SafetensorsFormat(), MRCFormat(), ZarrFormat(), MatrixMarketFormat(), JSONFormat(),
    CSVFormat(),
  ]

  /// Opens a file: what it holds is known, an image's elements are still on the disk.
  ///
  /// - Throws: `FormatError` where it cannot be opened or no format knows its content.
  public static func open(_ path: String, _ options: LoadOptions = LoadOptions()) throws -> Opened {
    try opened(path, options).opened
  }

  /// An image file's description, without reading its elements.
  public static func describe(
    _ path: String, _ options: LoadOptions = LoadOptions()
  ) throws -> ImageInfo {
    try reader(path, options).info
  }

  /// An image file open for reading block by block.
  ///
  /// - Throws: `FormatError` of kind `badRequest` where the file holds no image.
  public static func reader(
    _ path: String, _ options: LoadOptions = LoadOptions()
  ) throws -> any ImageReader {
    let opened = try open(path, options)
    guard case .image(let reader) = opened else {
      throw FormatError(.badRequest, "\"\(path)\" holds \(opened.kind), not an image")
    }
    return reader
  }

  /// Reads a file by what it holds.
  ///
  /// - Throws: `FormatError`, with the remedy; `Interrupted` where the user stopped it.
  public static func load(_ path: String, _ options: LoadOptions = LoadOptions()) throws -> Loaded {
    let (format, opened) = try opened(path, options)
    switch opened {
    case .image(let reader):
      let region = try Region(options.crop, axes: reader.info.axes, shape: reader.info.shape)
      let image = try reader.read(region, limit: options.limit)
      return Loaded(
        content: .image(image), format: format.name,
        notes: reader.notes + precisionNotes(image))
    case .table(let table, let notes):
      return Loaded(content: .table(table), format: format.name, notes: notes)
    case .checkpoint(let checkpoint):
      return Loaded(content: .checkpoint(checkpoint), format: format.name, notes: [])
    }
  }

  /// Writes an image, table or checkpoint; the ending names the format, `.gz` and `.bz2` after it
  /// pack the file.
  ///
  /// - Throws: `FormatError`, and nothing is left of the file; `Interrupted` likewise.
  @discardableResult
  public static func save(
    _ content: Content, _ path: String, _ options: SaveOptions = SaveOptions()
  ) throws -> SaveReport {
    let format = try format(forEndingOf: path, hint: endings(for: content))
    if format is any FolderFormat {
      guard case .image(let image) = content else {
        throw FormatError(
          .unsupported, "\(content.kind) cannot be saved as \(format.name): \"\(path)\"",
          hint: "use one of the endings \(endings(for: content))")
      }
      let file = try writer(ImageInfo(image), path, options)
      try file.write(image.tensor.values, row: 0)
      return try file.finish()
    }
    let name = PathName(path)
    let file = try OutputFile(
      path: path, overwrite: options.overwrite, packing: name.packing, isNamed: format.wantsName)
    var report = try format.write(content, to: file, options)
    report.bytes = try file.commit()
    report.path = path
    report.format = format.name
    report.noteLosses()
    return report
  }

  /// Writes an image.
  @discardableResult
  public static func save(
    _ image: Image, _ path: String, _ options: SaveOptions = SaveOptions()
  ) throws -> SaveReport {
    try save(.image(image), path, options)
  }

  /// Begins an image file that is written as its elements come.
  ///
  /// - Throws: `FormatError` where the file may not be written, or the format has no place for such
  ///   an image.
  public static func writer(
    _ info: ImageInfo, _ path: String, _ options: SaveOptions = SaveOptions()
  ) throws -> StreamedFile {
    let format = try format(forEndingOf: path, hint: imageEndings)
    if let store = format as? any FolderFormat {
      let folder = try OutputFolder(path: path, overwrite: options.overwrite)
      let writer = try store.writer(info, to: folder, options)
      return StreamedFile(info, path, writer, format: format.name, commit: folder.commit)
    }
    let name = PathName(path)
    let file = try OutputFile(
      path: path, overwrite: options.overwrite, packing: name.packing, isNamed: format.wantsName)
    let writer: any ImageWriter
    if let streamed = format as? any StreamedFormat {
      writer = try streamed.writer(info, to: file, options)
    } else {
      writer = try CollectingWriter(info, options, path) { values in
        try format.write(.image(Image(info, values)), to: file, options)
      }
    }
    return StreamedFile(info, path, writer, format: format.name, commit: file.commit)
  }

  private static let imageEndings = ".tif, .mrc, .png, .npy, .h5 or .zarr"

  /// The endings a content can be saved with, for hints.
  static func endings(for content: Content) -> String {
    switch content {
    case .image: imageEndings
    case .table: ".csv, .tsv or .json"
    case .checkpoint: ".safetensors"
    }
  }

  private static func opened(
    _ path: String, _ options: LoadOptions
  ) throws -> (format: any Format, opened: Opened) {
    if Folder.isThere(path) {
      for format in all {
        guard let store = format as? any FolderFormat, store.recognises(folder: path) else {
          continue
        }
        return (format, .image(try store.open(folder: path, options)))
      }
    }
    let source = try ByteSource(path: path)
    let head = try FileHead(of: source)
    guard let format = all.first(where: { $0.recognises(head) }) else {
      throw FormatError(
        .unknown, "\"\(source.path)\" is in no format that can be read",
        hint: ContentGuess(head).sentence)
    }
    return (format, try format.open(source, options))
  }

  private static func format(forEndingOf path: String, hint: String) throws -> any Format {
    let ending = PathName(path).formatEnding
    if let format = all.first(where: { $0.endings.contains(ending) }) { return format }
    throw FormatError(
      .unknown,
      ending.isEmpty
        ? "the file name \"\(path)\" has no ending that says how to write it"
        : "no format is known by the ending .\(ending)",
      hint: "use one of the endings \(hint)")
  }

  /// Integers beyond 2^24 are not all exact in single precision.
  private static func precisionNotes(_ image: Image) -> [String] {
    guard let range = image.stored.range, range.upperBound > 0x1p24,
      image.tensor.values.contains(where: { $0.magnitude > 0x1p24 })
    else { return [] }
    return ["values beyond 16777216 were rounded to single precision"]
  }
}
