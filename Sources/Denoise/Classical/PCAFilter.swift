import TensorEngine

/// `pca_filter(rank)`: a matrix (cells x genes, frames x pixels) replaced by its nearest matrix of
/// low rank about the mean of its columns.
///
/// The components are found by subspace iteration with a margin (Halko et al. 2011). An image of
/// more than two axes counts as a matrix of its first axis against all others.
public struct PCAFilter: Denoiser {
  public static let name = "pca_filter"
  public static let summary = "the leading principal components of a matrix"
  public static let parameters = [rank]
  public static let blindSpot = CalibrationMask.entries
  static let rank = DenoiserParameter(
    "rank", "components that are kept", standard: 10, in: 1...1_000, whole: true)
  /// Components carried beside those kept, and rounds of the iteration.
  private static let margin = 8
  private static let rounds = 8

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    guard image.shape.count >= 2, image.tensor.count > 0 else {
      throw DenoiseError("pca_filter takes a matrix, not \(image.shape.asShape)")
    }
    let rows = image.shape[0]
    let columns = image.tensor.count / rows
    let kept = min(rows, columns, settings.whole(PCAFilter.rank))
    let (matrix, average) = PCAFilter.centered(
      Matrix(rows: rows, columns: columns, values: image.tensor.values))
    let basis = try PCAFilter.basis(of: matrix, kept: kept)
    // Projected on the components: (M B^T) B.
    let low = matrix.times(basis.transposed).times(basis)
    return try image.with(low.values.enumerated().map { $1 + average[$0 % columns] })
  }

  /// The rows of a matrix in coordinates of its leading components.
  static func scores(of matrix: Matrix, components: Int) throws -> Matrix {
    let (centered, _) = centered(matrix)
    return try centered.times(basis(of: centered, kept: components).transposed)
  }

  /// The matrix without the means of its columns, and those.
  private static func centered(_ matrix: Matrix) -> (Matrix, means: [Float]) {
    var result = matrix
    var means = [Double](repeating: 0, count: matrix.columns)
    for (index, value) in matrix.values.enumerated() {
      means[index % matrix.columns] += Double(value)
    }
    let average = means.map { Float($0 / Double(matrix.rows)) }
    for index in result.values.indices {
      result.values[index] -= average[index % matrix.columns]
    }
    return (result, average)
  }

  /// The leading right singular vectors, one a row.
  private static func basis(of matrix: Matrix, kept: Int) throws -> Matrix {
    let count = min(matrix.rows, matrix.columns, kept + margin)
    var stream = RandomStream(seed: 0, purpose: .method)
    let start = (0..<count * matrix.columns).map { _ in stream.normal() }
    var basis = Matrix(rows: count, columns: matrix.columns, values: start).orthonormalRows()
    for _ in 0..<rounds {
      try Interrupt.check()
      basis = basis.times(matrix.transposed).times(matrix).orthonormalRows()
    }
    // Rotated so that the first rows are the components in order (Rayleigh-Ritz).
    let scores = basis.times(matrix.transposed)
    let (_, rotation) = scores.times(scores.transposed).symmetricEigenvectors()
    let ordered = rotation.times(basis)
    return Matrix(
      rows: kept, columns: ordered.columns,
      values: Array(ordered.values[..<(kept * ordered.columns)]))
  }
}
