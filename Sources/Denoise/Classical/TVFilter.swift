import TensorEngine

/// `tv_filter(weight)`: the image nearest to the noisy one among those of little total variation
/// (Chambolle 2004, dual projection), in 1-D to 3-D; the same as scikit-image's
/// `denoise_tv_chambolle`.
public struct TVFilter: Denoiser {
  public static let name = "tv_filter"
  public static let summary = "total variation (Chambolle)"
  public static let parameters = [weight, iterations]
  static let weight = DenoiserParameter(
    "weight", "smoothing, in the image's units (default: the noise level)", standard: nil,
    in: 0...1e30)
  static let iterations = DenoiserParameter(
    "iterations", "steps at most", standard: 200, in: 1...100_000, whole: true)
  /// Steps end when the energy changes by less than this share of its first value.
  private static let tolerance = 2e-4

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let weight = try settings.given(TVFilter.weight) ?? Metrics.noiseLevel(of: image)
    guard weight > 0 else { return image }
    return try eachPlane(of: image) { values, shape in
      try TVFilter.projected(
        values, shape: shape, weight: weight, steps: settings.whole(TVFilter.iterations))
    }
  }

  private static func projected(
    _ values: [Float], shape: [Int], weight: Double, steps: Int
  ) throws -> [Float] {
    let dimensions = shape.count
    let strides = shape.strides
    let step = Float(1 / (2 * Double(dimensions)))
    var dual = Array(
      repeating: [Float](repeating: 0, count: values.count), count: dimensions)
    var result = values
    var first = 0.0
    var previous = 0.0
    for iteration in 0..<steps {
      try Interrupt.check()
      let divergence = self.divergence(of: dual, shape: shape, strides: strides)
      result = zip(values, divergence).map { $0 + $1 }
      let gradients = (0..<dimensions).map { axis in
        difference(of: result, axis: axis, shape: shape, strides: strides)
      }
      try Interrupt.check()
      let norms = ParallelArray.make(count: values.count) { range in
        range.map { index in
          var square: Float = 0
          for axis in 0..<dimensions { square += gradients[axis][index] * gradients[axis][index] }
          return square.squareRoot()
        }
      }
      var energy = divergence.reduce(0.0) { $0 + Double($1) * Double($1) }
      energy += weight * norms.total()
      energy /= Double(values.count)
      let scale = step / Float(weight)
      for axis in 0..<dimensions {
        let (old, gradient) = (dual[axis], gradients[axis])
        dual[axis] = ParallelArray.make(count: values.count) { range in
          range.map { (old[$0] - step * gradient[$0]) / (1 + scale * norms[$0]) }
        }
      }
      if iteration == 0 {
        first = energy
      } else if abs(previous - energy) < tolerance * first {
        break
      }
      previous = energy
    }
    return result
  }

  /// Forward differences; 0 at the end of each line.
  private static func difference(
    of values: [Float], axis: Int, shape: [Int], strides: [Int]
  ) -> [Float] {
    let (stride, count) = (strides[axis], shape[axis])
    return ParallelArray.make(count: values.count) { range in
      range.map { index in
        index / stride % count == count - 1 ? 0 : values[index + stride] - values[index]
      }
    }
  }

  /// The negative adjoint of the differences.
  private static func divergence(
    of fields: [[Float]], shape: [Int], strides: [Int]
  ) -> [Float] {
    ParallelArray.make(count: fields[0].count) { range in
      range.map { index in
        var sum: Float = 0
        for axis in fields.indices {
          sum -= fields[axis][index]
          if index / strides[axis] % shape[axis] > 0 {
            sum += fields[axis][index - strides[axis]]
          }
        }
        return sum
      }
    }
  }
}
