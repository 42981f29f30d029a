/// The product of two matrices, each transposed first where asked for.
struct MatrixProduct: GenericOp {
  static let name = "matmul"
  var transposeA = false
  var transposeB = false

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let (a, b) = (inputs[0], inputs[1])
    guard a.count == 2, b.count == 2 else {
      throw TensorError("matmul takes matrices, got \(a.asShape) and \(b.asShape)")
    }
    guard a[transposeA ? 0 : 1] == b[transposeB ? 1 : 0] else {
      throw TensorError("matrices \(a.asShape) and \(b.asShape) do not multiply")
    }
    guard (a + b).allSatisfy({ $0 <= BLAS.longest }) else {
      throw TensorError("matrices \(a.asShape) and \(b.asShape) are too large to multiply")
    }
    return [a[transposeA ? 1 : 0], b[transposeB ? 0 : 1]]
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (m, n) = (call.y.shape[0], call.y.shape[1])
    let (a, b) = (call.x[0], call.x[1])
    let k = a.shape[transposeA ? 0 : 1]
    guard m > 0, n > 0 else { return }
    Parallel.forRanges(m, grain: 64) { range in
      T.gemm(
        transposeA: transposeA, transposeB: transposeB, m: range.count, n: n, k: k,
        a: a.base + range.lowerBound * (transposeA ? 1 : a.shape[1]), lda: max(1, a.shape[1]),
        b: b.base, ldb: max(1, b.shape[1]), beta: 0, c: call.y.base + range.lowerBound * n, ldc: n)
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let (a, b, dy) = (rule.x[0], rule.x[1], rule.dy)
    let da =
      try transposeA
      ? b.product(dy, transposeA: transposeB, transposeB: true)
      : dy.product(b, transposeB: !transposeB)
    let db =
      try transposeB
      ? dy.product(a, transposeA: true, transposeB: transposeA)
      : a.product(dy, transposeA: !transposeA)
    return [da, db]
  }
}
