import TensorEngine

/// `bilateral_filter(sigma_space, sigma_value)`: the mean of neighbours that are near in place and
/// in value (Tomasi & Manduchi 1998). Of the colours of a picture the mean squared difference
/// counts.
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
    return try eachPicture(of: image) { channels, shape in
      let frames = channels.map {
        FramedArray($0, shape: shape, margin: radius, border: .symmetric)
      }
      let line = (-radius...radius).map { distance in
        Float(Elementary.exp(-0.5 * Double(distance * distance) / (space * space)))
      }
      let nearness = shape.indices.reduce([Float(1)]) { weights, _ in
        weights.flatMap { weight in line.map { weight * $0 } }
      }
      let window = frames[0].offsets(radius: radius)
      let count = channels.count
      // All colours of a pixel together.
      let pixels = ParallelArray.make(count: shape.product, each: count) { range in
        var result: [Float] = []
        result.reserveCapacity(range.count * count)
        for index in range {
          let center = frames[0].index(of: index)
          var sums = [Float](repeating: 0, count: count)
          var total: Float = 0
          for (slot, offset) in window.enumerated() {
            var distance: Float = 0
            for frame in frames {
              let difference = frame.values[center + offset] - frame.values[center]
              distance += difference * difference
            }
            let weight = nearness[slot] * Elementary.exp(scale * distance / Float(count))
            for channel in 0..<count {
              sums[channel] += weight * frames[channel].values[center + offset]
            }
            total += weight
          }
          for sum in sums { result.append(sum / total) }
        }
        return result
      }
      return (0..<count).map { channel in
        stride(from: channel, to: pixels.count, by: count).map { pixels[$0] }
      }
    }
  }
}
