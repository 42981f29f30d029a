import TensorEngine

/// `bilateral_filter(sigma_space, sigma_value)`: the mean of neighbours that are near in place and
/// in value (Tomasi & Manduchi 1998).
public struct BilateralFilter: Denoiser {
  public static let name = "bilateral_filter"
  public static let summary = "the mean of neighbours near in place and value"
  public static let parameters = [space, value]
  static let space = DenoiserParameter(
    "sigma_space", "reach, in pixels", standard: 1.5, in: 0.1...20)
  static let value = DenoiserParameter(
    "sigma_value", "difference in value that still counts (default: 2.5 times the noise level)",
    standard: nil, in: 0...1e30)

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let space = settings[BilateralFilter.space]
    let value = try settings.given(BilateralFilter.value) ?? 2.5 * Metrics.noiseLevel(of: image)
    guard value > 0 else { return image }
    let radius = max(1, Int((2.5 * space).rounded(.up)))
    let scale = Float(-0.5 / (value * value))
    return try eachPlane(of: image) { values, shape in
      let frame = FramedArray(values, shape: shape, margin: radius, border: .symmetric)
      let line = (-radius...radius).map { distance in
        Float(Elementary.exp(-0.5 * Double(distance * distance) / (space * space)))
      }
      let nearness = shape.indices.reduce([Float(1)]) { weights, _ in
        weights.flatMap { weight in line.map { weight * $0 } }
      }
      let window = frame.offsets(radius: radius)
      return ParallelArray.make(count: values.count) { range in
        range.map { index in
          let center = frame.index(of: index)
          let own = frame.values[center]
          var sum: Float = 0
          var total: Float = 0
          for (slot, offset) in window.enumerated() {
            let other = frame.values[center + offset]
            let difference = other - own
            let weight = nearness[slot] * Elementary.exp(scale * difference * difference)
            sum += weight * other
            total += weight
          }
          return sum / total
        }
      }
    }
  }
}
