import TensorEngine

/// Matrices in the Matrix Market exchange format (Boisvert et al. 1996): sparse ones by coordinates,
/// full ones column by column. Read as a full matrix, rows along `Y`.
public struct MatrixMarketFormat: Format {
  public let name = "mtx"
  public let summary = "matrix as text, sparse or full (Matrix Market)"
  public let endings = ["mtx"]

  private static let mark = "%%MatrixMarket"

  public init() {}

  public func recognises(_ head: FileHead) -> Bool { head.starts(with: MatrixMarketFormat.mark) }

  public func open(_ source: ByteSource, _ options: LoadOptions) throws -> Opened {
    let bytes = try source.all(limit: options.limit)
    var scanner = MatrixMarketScanner(bytes, path: source.path)
    let matrix = try scanner.matrix(limit: options.limit)
    let shape = [matrix.rows, matrix.columns]
    let order = AxisOrder(fileAxes: try options.axes(for: shape, or: "YX"), fileShape: shape)
    return .image(
      MemoryReader(
        info: ImageInfo(
          format: name, source: source, order: order,
          stored: matrix.isWhole ? .int32 : .float32),
        notes: matrix.notes, elements: order.toImage(matrix.values, shape: shape)))
  }

  /// Writes what is not 0, by coordinates.
  public func write(
    _ content: Content, to file: OutputFile, _ options: SaveOptions
  ) throws -> SaveReport {
    let image = try image(of: content, for: file)
    guard image.shape.count == 2 else {
      throw FormatError(
        .badRequest,
        "a Matrix Market file holds a matrix, not \(image.shape.asShape): \"\(file.path)\"",
        hint: "save as NPY, TIFF or HDF5")
    }
    let (rows, columns) = (image.shape[0], image.shape[1])
    let values = image.tensor.values
    var text = "\(MatrixMarketFormat.mark) matrix coordinate real general\n"
    if let provenance = options.provenance {
      text += "% \(String(provenance.map { $0.isNewline ? " " : $0 }))\n"
    }
    text += "\(rows) \(columns) \(values.count { $0 != 0 })\n"
    for row in 0..<rows {
      try Interrupt.check()
      for column in 0..<columns where values[row * columns + column] != 0 {
        text += "\(row + 1) \(column + 1) \(values[row * columns + column])\n"
      }
      if text.utf8.count > 1 << 20 {
        try file.write(Array(text.utf8))
        text = ""
      }
    }
    try file.write(Array(text.utf8))
    return SaveReport(stored: .float32)
  }
}

/// Reads the text of a Matrix Market file.
struct MatrixMarketScanner {
  struct Matrix {
    var rows = 0
    var columns = 0
    var values: [Float] = []
    var isWhole = false
    var notes: [String] = []
  }

  private let bytes: [UInt8]
  private let path: String
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// - Throws: `FormatError` that names the line where it is wrong.
  mutating func matrix(limit: MemoryLimit) throws -> Matrix {
    let head = textLine().lowercased().split(separator: " ").map(String.init)
    guard head.count >= 5, head[1] == "matrix" else {
      throw fault("its first line is no Matrix Market header")
    }
    let (isSparse, field, symmetry) = (head[2] == "coordinate", head[3], head[4])
    guard isSparse || head[2] == "array" else { throw fault("a matrix is no `\(head[2])`") }
    guard ["real", "integer", "double", "pattern"].contains(field) else {
      throw FormatError.unsupported(
        path, "a matrix of \(field) numbers", hint: "save its amplitude")
    }
    guard ["general", "symmetric", "skew-symmetric"].contains(symmetry) else {
      throw fault("a matrix is not `\(symmetry)`")
    }
    skipComments()
    var matrix = Matrix()
    matrix.rows = try count()
    matrix.columns = try count()
    matrix.isWhole = field == "integer"
    let size = try limit.check(shape: [matrix.rows, matrix.columns], for: path)
    guard symmetry == "general" || matrix.rows == matrix.columns else {
      throw fault("a \(symmetry) matrix is square")
    }
    let mirror: Float? = symmetry == "general" ? nil : symmetry == "symmetric" ? 1 : -1
    if isSparse {
      try readEntries(into: &matrix, size: size, mirror: mirror, arePattern: field == "pattern")
    } else {
      guard field != "pattern", (mirror == nil ? size : size / 2) <= bytes.count else {
        throw fault("it is too short for its \(matrix.rows)x\(matrix.columns) numbers")
      }
      try readColumns(into: &matrix, size: size, mirror: mirror)
    }
    return matrix
  }

  /// Entries with their places; those of a symmetric matrix count at their mirrored places too.
  private mutating func readEntries(
    into matrix: inout Matrix, size: Int, mirror: Float?, arePattern: Bool
  ) throws {
    let entries = try count()
    // The shortest entry is `1 1` and a newline.
    guard entries <= bytes.count / 4 + 1 else {
      throw fault("it promises \(entries) entries, more than its \(bytes.count) bytes can hold")
    }
    matrix.values = [Float](repeating: 0, count: size)
    for entry in 0..<entries {
      if entry & 0xffff == 0 { try Interrupt.check() }
      let (row, column) = (try count() - 1, try count() - 1)
      let value = arePattern ? 1 : try number()
      guard row >= 0, row < matrix.rows, column >= 0, column < matrix.columns else {
        throw fault("an entry lies at \(row + 1), \(column + 1), outside the matrix")
      }
      matrix.values[row * matrix.columns + column] += value
      if let mirror, row != column {
        matrix.values[column * matrix.columns + row] += mirror * value
      }
    }
    matrix.notes.append(
      "a sparse matrix of \(entries) entries, read as a full one of \(matrix.rows)x"
        + "\(matrix.columns)")
  }

  /// All numbers, column by column; of a symmetric matrix those from the diagonal down.
  private mutating func readColumns(
    into matrix: inout Matrix, size: Int, mirror: Float?
  ) throws {
    matrix.values = [Float](repeating: 0, count: size)
    for column in 0..<matrix.columns {
      try Interrupt.check()
      let first = mirror == nil ? 0 : mirror == -1 ? column + 1 : column
      for row in first..<max(first, matrix.rows) {
        let value = try number()
        matrix.values[row * matrix.columns + column] = value
        if let mirror { matrix.values[column * matrix.columns + row] = mirror * value }
      }
    }
    if mirror == -1 {
      for index in 0..<matrix.rows { matrix.values[index * matrix.columns + index] = 0 }
    }
  }

  private mutating func textLine() -> String {
    let end = bytes[position...].firstIndex(of: 10) ?? bytes.endIndex
    defer {
      position = min(bytes.count, end + 1)
      line += 1
    }
    return String(decoding: bytes[position..<end].filter { $0 != 13 }, as: UTF8.self)
  }

  private mutating func skipComments() {
    while position < bytes.count, bytes[position] == UInt8(ascii: "%") || bytes[position] <= 32 {
      if bytes[position] == UInt8(ascii: "%") {
        _ = textLine()
      } else {
        if bytes[position] == 10 { line += 1 }
        position += 1
      }
    }
  }

  private mutating func word() throws -> ArraySlice<UInt8> {
    while position < bytes.count, bytes[position] <= 32 {
      if bytes[position] == 10 { line += 1 }
      position += 1
    }
    let start = position
    while position < bytes.count, bytes[position] > 32 { position += 1 }
    guard position > start else { throw fault("it ends too early") }
    return bytes[start..<position]
  }

  private mutating func count() throws -> Int {
    var result = 0
    for byte in try word() {
      guard (48...57).contains(byte), result < 1 << 52 else { throw fault("no whole number") }
      result = result * 10 + Int(byte - 48)
    }
    return result
  }

  private mutating func number() throws -> Float {
    let text = String(decoding: try word(), as: UTF8.self)
    guard let number = Double(text) else { throw fault("`\(text.prefix(20))` is no number") }
    return Float(number)
  }

  private func fault(_ what: String) -> FormatError {
    FormatError.damaged(path, "line \(line): \(what)", hint: "mend the text there")
  }
}
