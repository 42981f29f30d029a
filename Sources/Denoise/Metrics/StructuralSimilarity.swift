import TensorEngine

extension Metrics {
  /// Structural similarity (Wang et al. 2004), as scikit-image's `structural_similarity` with its
  /// defaults: uniform window, sample covariance, K1 = 0.01, K2 = 0.03, mean over all windows that
  /// lie inside. Windows are n-d; axes other than Z, Y, X are averaged over.
  ///
  /// - Parameters:
  ///   - peak: The range of the data, `Metrics.peak(of:)` by default.
  ///   - window: Side of the window, odd.
  /// - Throws: `DenoiseError` where shapes differ or the image is smaller than the window.
  public static func ssim(
    _ image: Image, truth: Image, peak: Double? = nil, window: Int = 7
  ) throws -> Double {
    try check(image.tensor, truth.tensor)
    let peak = peak ?? Metrics.peak(of: truth)
    guard peak > 0 else { throw DenoiseError("the peak must be above 0, not \(peak.plain)") }
    guard window >= 3, window % 2 == 1 else {
      throw DenoiseError("the window must be odd and at least 3, not \(window)")
    }
    let spatial = truth.spatialDimensions
    guard !spatial.isEmpty, spatial.allSatisfy({ truth.shape[$0] >= window }) else {
      throw DenoiseError(
        "\(truth.shape.asShape) is smaller than the window of \(window)",
        hint: "give a smaller odd window")
    }
    let x = image.tensor.values.map(Double.init)
    let y = truth.tensor.values.map(Double.init)
    let boxes = WindowMeans(shape: truth.shape, axes: spatial, window: window)
    let meanX = boxes.means(x)
    let meanY = boxes.means(y)
    let meanXX = boxes.means(zip(x, x).map(*))
    let meanYY = boxes.means(zip(y, y).map(*))
    let meanXY = boxes.means(zip(x, y).map(*))
    let count = Double(boxes.count)
    let unbiased = count / (count - 1)
    let c1 = (0.01 * peak) * (0.01 * peak)
    let c2 = (0.03 * peak) * (0.03 * peak)
    var total = 0.0
    for index in meanX.indices {
      let (mx, my) = (meanX[index], meanY[index])
      let vx = unbiased * (meanXX[index] - mx * mx)
      let vy = unbiased * (meanYY[index] - my * my)
      let vxy = unbiased * (meanXY[index] - mx * my)
      total +=
        (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    }
    return total / Double(meanX.count)
  }
}

/// Means over all windows that lie wholly inside an array.
struct WindowMeans {
  let shape: [Int]
  let axes: [Int]
  let window: Int

  /// Elements of a window.
  var count: Int { axes.reduce(1) { total, _ in total * window } }

  func means(_ values: [Double]) -> [Double] {
    var current = values
    var shape = shape
    for axis in axes {
      let (old, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
      let new = old - window + 1
      let source = current
      current = ParallelArray.make(count: source.count / (old * inner), each: new * inner) {
        outers in
        var result: [Double] = []
        result.reserveCapacity(outers.count * new * inner)
        for outer in outers {
          for start in 0..<new {
            for offset in 0..<inner {
              var sum = 0.0
              var index = (outer * old + start) * inner + offset
              for _ in 0..<window {
                sum += source[index]
                index += inner
              }
              result.append(sum / Double(window))
            }
          }
        }
        return result
      }
      shape[axis] = new
    }
    return current
  }
}
