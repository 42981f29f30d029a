/// Named columns of the same length: a training history, metrics, a sweep.
///
/// `table.loss` is a column, `table[3]` a row, `table.rows` the list of rows as records.
public struct Table {
  public private(set) var names: [String]
  public private(set) var columns: [[Value]]
  /// What the table has beside its columns, such as the `at` of a Fourier shell correlation.
  public var extras: Record

  public init(_ names: [String], extras: Record = [:]) {
    self.names = names
    columns = names.map { _ in [] }
    self.extras = extras
  }

  /// - Throws: `LangError` where a name comes twice or the columns differ in length.
  public init(columns: [(String, [Value])], extras: Record = [:]) throws {
    guard Set(columns.map(\.0)).count == columns.count else {
      throw LangError("a table cannot have two columns of one name")
    }
    guard Set(columns.map(\.1.count)).count <= 1 else {
      throw LangError("the columns of a table must have the same length")
    }
    names = columns.map(\.0)
    self.columns = columns.map(\.1)
    self.extras = extras
  }

  /// A table of the records' fields; where a record lacks a field the cell is `none`.
  public init(rows: [Record]) {
    self.init([])
    for row in rows { append(row) }
  }

  public var rowCount: Int { columns.first?.count ?? 0 }

  public func column(_ name: String) -> [Value]? {
    names.firstIndex(of: name).map { columns[$0] }
  }

  /// A row, counted from zero; nil where there is none.
  public func row(_ index: Int) -> Record? {
    guard (0..<rowCount).contains(index) else { return nil }
    return Record(zip(names, columns.map { $0[index] }))
  }

  public var rows: [Record] { (0..<rowCount).compactMap(row) }

  /// Adds a row. New fields become columns; what the row lacks is `none`.
  public mutating func append(_ row: Record) {
    let before = rowCount
    for name in row.names where !names.contains(name) {
      names.append(name)
      columns.append(Array(repeating: .none, count: before))
    }
    for (index, name) in names.enumerated() { columns[index].append(row[name] ?? .none) }
  }
}
