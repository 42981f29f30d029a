import TensorEngine

/// How well an image is denoised, judged without truth.
public struct BlindQuality: Sendable {
  /// Mean squared error of the denoiser at pixels it did not see, in the image's squared units.
  public let selfLoss: Double
  /// Standard deviation of the noise that was assumed.
  public let sigma: Double
  public let peak: Double

  /// Estimated PSNR in dB; nil where the noise explains all of the loss, so that nothing can be
  /// said.
  public var psnr: Double? {
    Metrics.blindPSNR(selfLoss: selfLoss, noiseVariance: sigma * sigma, peak: peak)
  }

  /// Denoises the image with some pixels replaced by their neighbours' mean, always the same ones,
  /// and compares the result with what stood there (Batson & Royer 2019).
  ///
  /// - Parameters:
  ///   - sigma: Standard deviation of the noise; estimated where nil.
  ///   - peak: As for PSNR.
  ///   - width: Side of the grid's cells, of which one pixel is hidden.
  ///   - rounds: Sets of hidden pixels that the loss is averaged over.
  ///   - denoise: What is judged; gives an image of the same shape.
  /// - Throws: `DenoiseError` where the result has another shape; what `denoise` throws.
  public init(
    of image: Image, sigma: Double? = nil, peak: Double, width: Int = 4, rounds: Int = 1,
    by denoise: (Image) throws -> Image
  ) throws {
    var error = 0.0
    var count = 0
    for round in 0..<max(1, rounds) {
      try Interrupt.check()
      let (masked, hidden) = try CalibrationMask.grid.hiding(
        image, round: round, width: max(2, width))
      let result = try denoise(masked)
      guard result.shape == image.shape else {
        throw DenoiseError(
          "the denoiser made an image of \(result.shape.asShape) out of \(image.shape.asShape)")
      }
      for index in hidden {
        let difference = Double(result.tensor.values[index]) - Double(image.tensor.values[index])
        error += difference * difference
      }
      count += hidden.count
    }
    selfLoss = error / Double(max(1, count))
    self.sigma = try sigma ?? Metrics.noiseLevel(of: image)
    self.peak = peak
  }
}
