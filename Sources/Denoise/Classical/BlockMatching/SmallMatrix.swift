/// What the transforms of blocks are made of: square matrices of a few rows.
enum SmallMatrix {
  static func identity(_ count: Int) -> [[Double]] {
    (0..<count).map { row in (0..<count).map { $0 == row ? 1 : 0 } }
  }

  static func transposed(_ matrix: [[Double]]) -> [[Double]] {
    matrix.indices.map { column in matrix.map { $0[column] } }
  }

  static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a.map { row in
      b.indices.map { column in
        row.indices.reduce(0) { $0 + row[$1] * b[$1][column] }
      }
    }
  }

  /// The inverse of a regular matrix, by elimination with row exchanges.
  static func inverse(_ matrix: [[Double]]) -> [[Double]] {
    var left = matrix
    var right = identity(matrix.count)
    for column in matrix.indices {
      let pivot = (column..<matrix.count).max { abs(left[$0][column]) < abs(left[$1][column]) }
      left.swapAt(column, pivot ?? column)
      right.swapAt(column, pivot ?? column)
      let scale = 1 / left[column][column]
      left[column] = left[column].map { $0 * scale }
      right[column] = right[column].map { $0 * scale }
      for row in matrix.indices where row != column {
        let factor = left[row][column]
        left[row] = zip(left[row], left[column]).map { $0 - factor * $1 }
        right[row] = zip(right[row], right[column]).map { $0 - factor * $1 }
      }
    }
    return right
  }
}
