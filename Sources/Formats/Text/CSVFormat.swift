import TensorEngine

/// Tables and matrices as text: CSV, TSV and columns parted by blanks.
public struct CSVFormat: Format {
  public let name = "csv"
  public let summary = "table or matrix as text (CSV, TSV, columns)"
  public let endings = ["csv", "tsv", "txt", "dat"]

  public init() {}

  /// Text by its ending, or text whose first line is numbers.
  public func recognises(_ head: FileHead) -> Bool {
    guard head.isText, !ContentGuess.knows(head) else { return false }
    let lines = head.bytes.split { $0 == 10 || $0 == 13 }
    guard let line = lines.first(where: { $0.first != UInt8(ascii: "#") }) else { return false }
    let text = String(decoding: line, as: UTF8.self)
    if endings.contains(head.ending) { return !text.lowercased().hasPrefix("<") }
    let cells = text.split { " ,;\t".contains($0) }
    return !cells.isEmpty && cells.allSatisfy { Double($0) != nil }
  }

  /// A matrix where all is numbers and nothing is named, else a table; `as=` decides otherwise.
  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    let isTSV = PathName(source.path).formatEnding == "tsv"
    let text = try DelimitedText(
      try source.all(limit: options.limit), delimiter: isTSV ? 9 : nil, path: source.path)
    let table = try TableOfText(text.rows, path: source.path)
    if options.kind == .table || (options.kind == nil && !table.isMatrix) {
      return .table(table.table, notes: [])
    }
    return .image(try table.matrix(source, options))
  }

  /// Writes a table with its names, or an image of one or two dimensions as bare numbers.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let mark = PathName(file.path).formatEnding == "tsv" ? "\t" : ","
    switch content {
    case .checkpoint: throw mismatch(content, file)
    case .table(let table):
      try writeRow(table.names.map { quoted($0, mark) }, mark, to: file)
      for row in 0..<table.rowCount {
        let cells = table.columns.map { column in
          switch column {
          case .numbers(let values): CSVFormat.text(values[row])
          case .text(let values): quoted(values[row], mark)
          }
        }
        try writeRow(cells, mark, to: file)
      }
      return SaveReport()
    case .image(let image):
      guard image.shape.count == 1 || image.shape.count == 2 else {
        throw FormatError(
          .badRequest,
          "a text file holds one or two dimensions, not \(image.shape.asShape): \"\(file.path)\"",
          hint: "save as NPY, TIFF or HDF5")
      }
      let width = image.shape.count == 1 ? 1 : image.shape[1]
      for start in stride(from: 0, to: image.tensor.count, by: max(1, width)) {
        let row = image.tensor.values[start..<(start + width)]
        try writeRow(row.map(CSVFormat.text), mark, to: file)
      }
      return SaveReport(stored: .float32)
    }
  }

  private func writeRow(_ cells: [String], _ mark: String, to file: OutputFile) throws {
    try Interrupt.check()
    try file.write(Array((cells.joined(separator: mark) + "\n").utf8))
  }

  private func quoted(_ text: String, _ mark: String) -> String {
    let needsQuotes =
      text.contains(mark) || text.contains("\"") || text.contains(where: \.isNewline)
      || text.hasPrefix("#") || text.first == " " || text.last == " "
    if !needsQuotes { return text }
    return
      "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  private static func text<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Number
  ) -> String {
    let text = String(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
