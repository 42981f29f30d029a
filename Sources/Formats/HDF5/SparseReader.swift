import TensorEngine

/// A sparse matrix in an HDF5 group, as 10x Genomics and AnnData write it, read as a full one:
/// cells are rows (`Y`), genes are columns (`X`).
///
/// `indptr` says for each row (or column) where its numbers begin, `indices` in which column (or
/// row) each number of `data` stands.
final class SparseReader: ImageReader {
  let info: ImageInfo
  let notes: [String]

  private let path: String
  private let data: HDF5Object
  private let indices: HDF5Object
  private let starts: [Int]
  /// Whether `indptr` counts the matrix's rows, and not its columns.
  private let isByRow: Bool

  init(
    _ group: HDF5Object, _ file: HDF5File, _ source: ByteSource, _ options: LoadOptions,
    notes: [String]
  ) throws {
    path = source.path
    guard let data = try file.object("\(group.path)/data"),
      let indices = try file.object("\(group.path)/indices"),
      let pointers = try file.object("\(group.path)/indptr"), let length = pointers.shape.first,
      length > 0, data.shape == indices.shape, let type = data.type
    else { throw FormatError.damaged(source.path, "its sparse matrix \(group.path) is incomplete") }
    self.data = data
    self.indices = indices
    try options.limit.check(shape: [length, 2], for: source.path)
    starts = try pointers.doubles(0..<length).map { Int(exactly: $0) ?? -1 }
    let sizes = try SparseReader.shape(group, file, source.path)
    // 10x: a column a cell, of a matrix of genes and cells. AnnData names the kind.
    let is10x = try file.object("\(group.path)/shape") != nil
    let isColumns = try group.text("encoding-type")?.hasPrefix("csc") ?? false
    isByRow = is10x || !isColumns
    let (rows, columns) = is10x ? (sizes[1], sizes[0]) : (sizes[0], sizes[1])
    guard starts.count == (isByRow ? rows : columns) + 1, starts.first == 0,
      starts.last == data.shape.first, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw FormatError.damaged(source.path, "the index of its sparse matrix is out of order")
    }
    guard options.axes == nil || options.axes?.uppercased() == "YX" else {
      throw FormatError(
        .badRequest, "a sparse matrix has the axes \"YX\": \"\(source.path)\"",
        hint: "leave out axes=, and transpose it afterwards")
    }
    let order = AxisOrder(fileAxes: "YX", fileShape: [rows, columns])
    info = ImageInfo(
      format: "hdf5", source: source, order: order, stored: type.stored,
      header: FileHeader(format: "hdf5", notes: ["data set": group.path]))
    self.notes =
      notes + ["a sparse matrix of \(rows) cells and \(columns) genes, read as a full one"]
  }

  func values(in region: Region) throws -> [Float] {
    let (rows, columns) = (region.ranges[0], region.ranges[1])
    var values = [Float](repeating: 0, count: rows.count * columns.count)
    if values.isEmpty { return values }
    let major = isByRow ? rows : columns
    let range = starts[major.lowerBound]..<starts[major.upperBound]
    let numbers = try data.floats(Region([range]))
    let places = try indices.doubles(range)
    for line in major {
      for position in starts[line]..<starts[line + 1] {
        guard let minor = Int(exactly: places[position - range.lowerBound]), minor >= 0,
          minor < info.shape[isByRow ? 1 : 0]
        else { throw FormatError.damaged(path, "an index of its sparse matrix is out of range") }
        let (row, column) = isByRow ? (line, minor) : (minor, line)
        guard rows.contains(row), columns.contains(column) else { continue }
        let place = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
        values[place] += numbers[position - range.lowerBound]
      }
    }
    return values
  }

  /// Sizes, from a data set (10x) or an attribute (AnnData).
  private static func shape(
    _ group: HDF5Object, _ file: HDF5File, _ path: String
  ) throws -> [Int] {
    let numbers =
      try file.object("\(group.path)/shape")?.doubles(0..<2) ?? group.numbers("shape") ?? []
    let sizes = numbers.compactMap { Int(exactly: $0) }.filter { $0 >= 0 }
    guard sizes.count == 2, numbers.count == 2 else {
      throw FormatError.damaged(path, "its sparse matrix has no shape")
    }
    return sizes
  }
}
