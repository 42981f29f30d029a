import TensorEngine

/// What a root mean squared error is divided by (as in scikit-image's
/// `normalized_root_mse`).
public enum ErrorNormalization: String, Sendable, CaseIterable {
  /// The truth's root mean square.
  case euclidean
  /// The truth's range.
  case minmax
  /// The truth's mean.
  case mean
}

extension Metrics {
  /// Root mean squared error over a measure of the truth.
  ///
  /// - Throws: `DenoiseError` where shapes differ or the truth's measure is zero.
  public static func nrmse(
    _ image: Tensor, truth: Tensor, by normalization: ErrorNormalization = .euclidean
  ) throws -> Double {
    let error = try mse(image, truth: truth).squareRoot()
    let values = truth.values
    let scale: Double
    switch normalization {
    case .euclidean:
      scale = (values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count))
        .squareRoot()
    case .minmax: scale = Double(values.max() ?? 0) - Double(values.min() ?? 0)
    case .mean: scale = values.average
    }
    guard scale != 0 else {
      throw DenoiseError("the truth's \(normalization.rawValue) scale is zero")
    }
    return error / scale
  }

  /// Cross-correlation coefficient (Pearson) of two images, -1...1; 0 where one is constant.
  public static func xcorr(_ a: Tensor, _ b: Tensor) throws -> Double {
    try check(a, b)
    let meanA = a.values.average
    let meanB = b.values.average
    var sums = (ab: 0.0, aa: 0.0, bb: 0.0)
    for (x, y) in zip(a.values, b.values) {
      let dx = Double(x) - meanA
      let dy = Double(y) - meanB
      sums.ab += dx * dy
      sums.aa += dx * dx
      sums.bb += dy * dy
    }
    let scale = (sums.aa * sums.bb).squareRoot()
    return scale > 0 ? sums.ab / scale : 0
  }
}
