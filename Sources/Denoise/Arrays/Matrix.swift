import TensorEngine

/// A dense matrix, row-major, with what principal components need.
struct Matrix {
  let rows: Int
  let columns: Int
  var values: [Float]

  var transposed: Matrix {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for column in 0..<columns {
      for row in 0..<rows { result.append(values[row * columns + column]) }
    }
    return Matrix(rows: columns, columns: rows, values: result)
  }

  /// The product with a matrix of as many rows as this has columns.
  func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "the inner sizes of a product must agree")
    let result = [Float](unsafeUninitializedCapacity: rows * other.columns) { buffer, count in
      count = rows * other.columns
      guard let target = buffer.baseAddress, count > 0 else { return }
      buffer.initialize(repeating: 0)
      values.withUnsafeBufferPointer { a in
        other.values.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          Float.gemm(
            transposeA: false, transposeB: false, m: rows, n: other.columns, k: columns, a: a,
            lda: columns, b: b, ldb: other.columns, beta: 0, c: target, ldc: other.columns)
        }
      }
    }
    return Matrix(rows: rows, columns: other.columns, values: result)
  }

  /// Rows of unit length at right angles to each other that span the same space (Gram-Schmidt,
  /// twice for accuracy). A row that depends on those before becomes zero.
  func orthonormalRows() -> Matrix {
    var lines = (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
    for row in lines.indices {
      let before = Matrix.dot(lines[row], lines[row]).squareRoot()
      for _ in 0..<2 {
        for other in 0..<row {
          let overlap = Float(Matrix.dot(lines[row], lines[other]))
          for index in 0..<columns { lines[row][index] -= overlap * lines[other][index] }
        }
      }
      let length = Matrix.dot(lines[row], lines[row]).squareRoot()
      let scale = length > 1e-6 * before ? Float(1 / length) : 0
      for index in 0..<columns { lines[row][index] *= scale }
    }
    return Matrix(rows: rows, columns: columns, values: lines.flatMap { $0 })
  }

  private static func dot(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += Double(a[index]) * Double(b[index]) }
    return sum
  }

  /// Eigenvalues, largest first, and eigenvectors, one a row, of a symmetric matrix (cyclic Jacobi
  /// rotations in double precision).
  func symmetricEigenvectors() -> (values: [Double], vectors: Matrix) {
    let count = rows
    var a = values.map(Double.init)
    var vectors = (0..<count * count).map { $0 / count == $0 % count ? 1.0 : 0 }
    for _ in 0..<30 {
      var off = 0.0
      for p in 0..<count { for q in 0..<p { off += a[p * count + q] * a[p * count + q] } }
      let size = (0..<count).reduce(0.0) { $0 + a[$1 * count + $1] * a[$1 * count + $1] }
      if off <= 1e-22 * size { break }
      for p in 0..<count {
        for q in p + 1..<max(p + 1, count) where a[p * count + q] != 0 {
          Matrix.rotate(&a, &vectors, p, q, count)
        }
      }
    }
    let order = (0..<count).sorted { a[$0 * count + $0] > a[$1 * count + $1] }
    return (
      order.map { a[$0 * count + $0] },
      Matrix(
        rows: count, columns: count,
        values: order.flatMap { row in
          vectors[row * count..<(row + 1) * count].map { Float($0) }
        })
    )
  }

  /// One Jacobi rotation that makes a[p, q] zero; the rows of `vectors` turn along.
  private static func rotate(
    _ a: inout [Double], _ vectors: inout [Double], _ p: Int, _ q: Int, _ count: Int
  ) {
    let theta = (a[q * count + q] - a[p * count + p]) / (2 * a[p * count + q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<count {
      let (x, y) = (a[k * count + p], a[k * count + q])
      a[k * count + p] = c * x - s * y
      a[k * count + q] = s * x + c * y
    }
    for k in 0..<count {
      let (x, y) = (a[p * count + k], a[q * count + k])
      a[p * count + k] = c * x - s * y
      a[q * count + k] = s * x + c * y
      let (u, v) = (vectors[p * count + k], vectors[q * count + k])
      vectors[p * count + k] = c * u - s * v
      vectors[q * count + k] = s * u + c * v
    }
  }
}
