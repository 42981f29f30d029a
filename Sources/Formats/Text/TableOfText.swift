import TensorEngine

/// Cells of text understood as a table: which columns are numbers, and whether they have names.
struct TableOfText {
  let table: DataTable
  private let hasNames: Bool

  /// - Throws: `FormatError` of kind `damaged` where there is nothing in it.
  init(_ rows: [[String]], path: String) throws {
    guard let first = rows.first else {
      throw FormatError.damaged(path, "there is nothing in it but blanks and comments")
    }
    // Names stand above numbers, and are none themselves.
    let isNumbers = first.map { TableOfText.number($0) != nil }
    hasNames =
      isNumbers.contains(false) && rows.count > 1
      && first.indices.contains { column in
        !isNumbers[column] && !first[column].isEmpty && TableOfText.number(rows[1][column]) != nil
      }
    let body = hasNames ? rows.dropFirst() : rows[...]
    let columns = first.indices.map { column -> DataTable.Column in
      let numbers = body.map { TableOfText.number($0[column]) }
      return numbers.contains { $0 == nil }
        ? .text(body.map { $0[column] }) : .numbers(numbers.compactMap { $0 })
    }
    let names =
      hasNames
      ? first.enumerated().map { $1.isEmpty ? "column\($0 + 1)" : $1 }
      : first.indices.map { "column\($0 + 1)" }
    table = try DataTable(names: names, columns: columns)
  }

  /// Whether all is numbers and nothing is named.
  var isMatrix: Bool {
    !hasNames && table.columns.allSatisfy { if case .numbers = $0 { true } else { false } }
  }

  /// The columns of numbers as an image: `YX`, or `X` for a single column or row.
  func matrix(_ source: ByteSource, _ options: LoadOptions) throws -> any ImageReader {
    let columns = table.columns.compactMap { column in
      if case .numbers(let values) = column { values } else { nil }
    }
    guard !columns.isEmpty else {
      throw FormatError.unsupported(source.path, "no column of numbers")
    }
    let (height, width) = (table.rowCount, columns.count)
    try options.limit.check(shape: [height, width], for: source.path)
    let shape = width == 1 ? [height] : height == 1 ? [width] : [height, width]
    let order = AxisOrder(
      fileAxes: try options.axes(for: shape, or: shape.count == 1 ? "X" : "YX"), fileShape: shape)
    var elements: [Float] = []
    elements.reserveCapacity(height * width)
    for row in 0..<height {
      for column in columns { elements.append(Float(column[row])) }
    }
    let left = table.columns.count - width
    return MemoryReader(
      info: ImageInfo(format: "csv", source: source, order: order, stored: .float32),
      notes: left == 0 ? [] : ["\(left) column\(left == 1 ? "" : "s") of text left out"],
      elements: order.toImage(elements, shape: shape))
  }

  /// A number, or NaN for an empty cell; nil for text.
  private static func number(_ text: String) -> Double? {
    if text.isEmpty || text == "NA" || text == "null" { return .nan }
    return Double(text)
  }
}
