import TensorEngine

/// Measures of an image against the truth, and of an image alone. Sums are in double precision.
public enum Metrics {
  /// - Throws: `DenoiseError` where two images cannot be compared element by element.
  static func check(_ image: Tensor, _ truth: Tensor) throws {
    guard image.shape == truth.shape else {
      throw DenoiseError(
        "the images differ in shape: \(image.shape.asShape) and \(truth.shape.asShape)")
    }
    guard image.count > 0 else { throw DenoiseError("the images are empty") }
  }

  /// Mean of the squared differences.
  public static func mse(_ image: Tensor, truth: Tensor) throws -> Double {
    try check(image, truth)
    let squares = zip(image.values, truth.values).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    return squares / Double(image.count)
  }
}
