import TensorEngine

/// How alike neighbouring residuals are. What a good denoiser removes from white noise is white:
/// its autocorrelation vanishes at every distance. Structure left in it is signal that was removed.
public struct ResidualAutocorrelation: Sendable, Equatable {
  /// The axes measured, such as `"YX"`.
  public let axes: String
  /// For each axis, the coefficients at distances 0, 1, …; the first is 1.
  public let coefficients: [[Double]]
  /// Of white noise of this size, 95 in 100 coefficients lie within plus and minus this.
  public let bound: Double

  /// The largest coefficient, by size, at distances from 1 on.
  public var largest: Double {
    coefficients.flatMap { $0.dropFirst() }.max { abs($0) < abs($1) } ?? 0
  }

  /// - Parameters:
  ///   - residual: Noisy minus denoised.
  ///   - distance: The largest distance, in pixels.
  /// - Throws: `DenoiseError` where an axis is not longer than the distance or the residual is
  ///   constant.
  public init(of residual: Image, distance: Int = 8) throws {
    let spatial = residual.spatialDimensions
    guard distance >= 1, !spatial.isEmpty,
      spatial.allSatisfy({ residual.shape[$0] > distance })
    else {
      throw DenoiseError(
        "an image of \(residual.shape.asShape) has no autocorrelation up to \(distance) pixels")
    }
    let values = residual.tensor.values
    let (mean, deviation) = values.meanAndDeviation
    guard deviation > 0, deviation.isFinite else {
      throw DenoiseError("the residual is constant or holds elements that are no numbers")
    }
    let centered = values.map { Double($0) - mean }
    let letters = Array(residual.axes)
    axes = String(spatial.map { letters[$0] })
    coefficients = spatial.map { axis in
      let inner = residual.shape[(axis + 1)...].reduce(1, *)
      let count = residual.shape[axis]
      return Parallel.map(distance + 1) { lag in
        var sum = 0.0
        var pairs = 0
        for index in centered.indices where index / inner % count + lag < count {
          sum += centered[index] * centered[index + lag * inner]
          pairs += 1
        }
        return sum / Double(pairs) / (deviation * deviation)
      }
    }
    bound = 1.96 / Double(values.count).squareRoot()
  }
}
