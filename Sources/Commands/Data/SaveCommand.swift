import Formats
import Lang
import TensorEngine

struct SaveCommand: Command {
  static let name = "save"
  static let summary = "writes an image, table or model; the ending names the format"
  static let details = """
    A volume keeps voxel size, origin and header. Values take the type that the data came in,
    rounded and clipped with a note of how many were; `dtype=float32` keeps them as they are.
    """
  static let group = "Data"
  static let examples = [Example("save clean \"clean.mrc\" dtype=float32")]

  @Argument("image, table or model") var value: Value
  @Argument("file") var file: String
  @Option("type of the elements") var dtype: StoredType?
  @Option("compression inside the file") var compress: SaveOptions.Compression?
  @Option("whether a file that is there may be replaced") var overwrite = false
  @Option("data set to write") var key: String?
  @Option("version of the format, where it has several: 2 or 3 for Zarr") var version: Int?

  func run(in context: Context) throws -> Value {
    var options = SaveOptions(
      dtype: dtype, compression: compress, overwrite: overwrite, key: key,
      provenance: value.asImage.map(Provenance.line(of:)) ?? Provenance.line())
    guard context.writesFiles else { return .none }
    options.version = version
    let report =
      try FileValue.bind(value).map { try copy($0.file, options) }
      ?? Formats.save(content(), file, options)
    for note in report.notes { context.note(note) }
    return .none
  }

  /// Writes an image that is on the disk, piece by piece.
  private func copy(_ source: FileImage, _ options: SaveOptions) throws -> SaveReport {
    let target = try Formats.writer(source.info, file, options)
    let width = max(1, source.shape.last ?? 1)
    var row = 0
    try source.forEachPiece { piece in
      try target.write(piece, row: row)
      row += piece.count / width
    }
    return try target.finish()
  }

  private func content() throws -> Content {
    if let image = value.asImage { return .image(image) }
    if let table = Table.bind(value) { return .table(try DataTable(table)) }
    if let model = ModelValue.bind(value) { return .checkpoint(ModelFile.checkpoint(of: model)) }
    throw LangError(
      "`save` writes images, tables and models, not \(value.kindWithArticle)", argument: "value")
  }
}

extension DataTable {
  /// A table of the language as files hold them.
  init(_ table: Table) throws {
    try self.init(
      names: table.names,
      columns: table.columns.map { column in
        let numbers = column.compactMap(\.asNumber)
        return numbers.count == column.count
          ? .numbers(numbers) : .text(column.map { Show.bare($0) })
      })
  }
}
