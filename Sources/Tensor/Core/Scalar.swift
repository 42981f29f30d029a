import COpenBLAS

/// The two precisions kernels are written for: `Float` to compute, `Double` to check gradients.
public protocol Scalar: BinaryFloatingPoint, Sendable {
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self

  /// c = a·b + beta·c for row-major matrices: a is m x k (or k x m where transposed), b is k x n
  /// (or n x k), c is m x n; `lda`, `ldb`, `ldc` are row lengths in memory.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Self>, lda: Int,
    b: UnsafePointer<Self>, ldb: Int, beta: Self, c: UnsafeMutablePointer<Self>, ldc: Int)
}

extension Float: Scalar {
  public static func exp(_ x: Float) -> Float { Elementary.exp(x) }
  public static func log(_ x: Float) -> Float { Elementary.log(x) }
  public static func sin(_ x: Float) -> Float { Elementary.sin(x) }
  public static func cos(_ x: Float) -> Float { Elementary.cos(x) }
  public static func tanh(_ x: Float) -> Float { Elementary.tanh(x) }
  public static func pow(_ x: Float, _ y: Float) -> Float { Elementary.pow(x, y) }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Float>, lda: Int,
    b: UnsafePointer<Float>, ldb: Int, beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    BLAS.prepare
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
}

extension Double: Scalar {
  public static func exp(_ x: Double) -> Double { Elementary.exp(x) }
  public static func log(_ x: Double) -> Double { Elementary.log(x) }
  public static func sin(_ x: Double) -> Double { Elementary.sin(x) }
  public static func cos(_ x: Double) -> Double { Elementary.cos(x) }
  public static func tanh(_ x: Double) -> Double { Elementary.tanh(x) }
  public static func pow(_ x: Double, _ y: Double) -> Double { Elementary.pow(x, y) }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Double>, lda: Int,
    b: UnsafePointer<Double>, ldb: Int, beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    BLAS.prepare
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
}

/// OpenBLAS runs on the calling thread alone: the engine's own threads split the work, in parts
/// that do not depend on their number.
enum BLAS {
  static let prepare: Void = openblas_set_num_threads(1)
  /// The longest row or column it can count.
  static let longest = Int(blasint.max)
}
