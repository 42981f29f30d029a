/// A table: named columns of numbers or text, all of the same length.
public struct DataTable: Sendable, Equatable {
  public enum Column: Sendable, Equatable {
    /// Missing numbers are NaN.
    case numbers([Double])
    case text([String])

    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .text(let values): values.count
      }
    }
  }

  public let names: [String]
  public let columns: [Column]

  public var rowCount: Int { columns.first?.count ?? 0 }

  /// - Throws: `FormatError` where names and columns do not match, or the columns' lengths.
  public init(names: [String], columns: [Column]) throws {
    guard names.count == columns.count, Set(columns.map(\.count)).count <= 1 else {
      throw FormatError(
        .badRequest, "a table needs a name for each column, and columns of one length")
    }
    self.names = names
    self.columns = columns
  }
}
