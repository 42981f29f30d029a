import Denoise
import TensorEngine

/// An estimate of PSNR from the validation loss, while a network trains.
///
/// The loss at hidden pixels is the error against the truth plus the noise's variance (Batson and
/// Royer 2019), so it can be told where the loss is the mean squared error and the noise white. Where noise
/// is taken from the target the variance is a multiple of it, and the error too little beside it.
struct LiveQuality {
  private let variance: Double
  private let peak: Double
  private let scale: Double

  /// nil where the loss or the data do not allow the estimate.
  ///
  /// - Parameter scale: grey values of a unit that the network sees.
  init?(_ image: Image, _ options: TrainingOptions, scale: Double) {
    guard options.target == .itself, options.mask?.makesTarget != true,
      options.loss.parts.count == 1,
      options.loss.parts[0].weight == 1, options.loss.parts[0].term is MeanSquaredError,
      let sigma = try? Metrics.noiseLevel(of: image), sigma > 0,
      let peak = try? Metrics.peak(ofNoisy: image, without: { try LiveQuality.smooth(image) })
    else { return nil }
    variance = sigma * sigma
    self.peak = peak
    self.scale = scale
  }

  /// The image, roughly without its noise.
  private static func smooth(_ image: Image) throws -> Image {
    try GaussianFilter(["sigma": 1.5]).denoised(image)
  }

  /// In dB; nil where the noise explains all of the loss.
  func psnr(validation: Double) -> Double? {
    Metrics.blindPSNR(
      selfLoss: validation * scale * scale, noiseVariance: variance, peak: peak)
  }
}
