import TensorEngine

/// An image with pixels hidden from a denoiser that is being calibrated, and what stood there.
struct BlindTrial {
  let image: Image
  private(set) var masked: Image
  /// Flat indices.
  let hidden: [Int]

  /// Hides pixels. In pictures and volumes what stands in their place is the best prediction of
  /// them at hand, with white noise added, so that the denoiser meets there about what it meets
  /// everywhere. Neither depends on the pixel itself.
  ///
  /// - Parameter guides: denoisers that predict; the one nearest to the hidden pixels is believed,
  ///   or else the mean of the neighbours.
  init(
    of image: Image, by blindSpot: CalibrationMask, round: Int, width: Int,
    guides: [any Denoiser]
  ) throws {
    self.image = image
    (masked, hidden) = try blindSpot.hiding(image, round: round, width: width)
    guard case .grid = blindSpot, !hidden.isEmpty else { return }
    let predictions = try [masked] + guides.map { try $0.denoised(masked) }
    let errors = predictions.map { error(of: $0) }
    guard
      let best = predictions.indices.min(by: { errors[$0].sum < errors[$1].sum }),
      errors[best].count > 0
    else { return }
    let noise = try Metrics.noiseLevel(of: image)
    let distance = errors[best].sum / Double(errors[best].count)
    // The prediction's own squared error is the distance less the variance of the noise.
    let missing = max(0, 2 * noise * noise - distance)
    let strength = Float((BlindTrial.share * missing).squareRoot())
    var stream = RandomStream(seed: 0, purpose: .noise, step: round)
    var values = masked.tensor.values
    for index in hidden {
      values[index] = predictions[best].tensor.values[index] + strength * stream.normal()
    }
    masked = try image.with(values)
  }

  /// The share of the missing noise that is added. What is wrong with a prediction is alike among
  /// neighbours and troubles a denoiser more than white noise does; with all of it, edges and
  /// textures asked for too much smoothing, with none, flat parts for too little.
  private static let share = 0.5

  /// Squared error of a result at the hidden pixels that are numbers.
  func error(of result: Image) -> (sum: Double, count: Int) {
    var sum = 0.0
    var count = 0
    for index in hidden where image.tensor.values[index].isFinite {
      count += 1
      let difference = Double(result.tensor.values[index]) - Double(image.tensor.values[index])
      sum += difference * difference
    }
    return (sum, count)
  }
}
