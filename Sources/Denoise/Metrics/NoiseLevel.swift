import TensorEngine

extension Metrics {
  /// The standard deviation of white Gaussian noise in an image: the median absolute value of the
  /// finest diagonal wavelet details (Daubechies 2) over 0.6745 (Donoho & Johnstone 1994; the
  /// same figure as scikit-image's `estimate_sigma`). Axes other than Z, Y, X are averaged over.
  ///
  /// - Returns: 0 where all details are zero.
  /// - Throws: `DenoiseError` for an image without space axes, or with a single element along one.
  public static func noiseLevel(of image: Image) throws -> Double {
    let spatial = image.spatialDimensions
    guard !spatial.isEmpty, image.tensor.count > 0,
      spatial.allSatisfy({ image.shape[$0] >= 2 })
    else {
      throw DenoiseError("noise cannot be estimated in an image of \(image.shape.asShape)")
    }
    let planes = try Planes(of: image)
    let levels = Parallel.map(planes.count) { index -> Double in
      var values = planes.values(index)
      var shape = planes.spatial
      for axis in shape.indices {
        values = Wavelet.daubechies2.details(of: values, shape: shape, axis: axis)
        shape[axis] = values.count / (shape.product / shape[axis])
      }
      return values.filter { $0 != 0 && $0.isFinite }.robustDeviation
    }
    return levels.reduce(0, +) / Double(max(1, levels.count))
  }
}
