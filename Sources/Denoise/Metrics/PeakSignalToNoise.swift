import TensorEngine

extension Metrics {
  /// The peak that PSNR and SSIM refer to where none is given: 255 for a truth stored in 8 bits (1
  /// for one bit); else the range of the truth, largest minus smallest value. Print it beside the
  /// figure.
  public static func peak(of truth: Image) -> Double {
    switch truth.stored {
    case .uint8, .int8: return 255
    case .bit: return 1
    default:
      guard let low = truth.tensor.values.min(), let high = truth.tensor.values.max() else {
        return 0
      }
      return Double(high) - Double(low)
    }
  }

  /// The same where the truth is not known. The range of noisy data is that of its noise; what is left
  /// without it is nearer to the truth.
  public static func peak(ofNoisy noisy: Image, without noise: () throws -> Image) rethrows
    -> Double
  {
    let isOfFewBits = [.uint8, .int8, .bit].contains(noisy.stored)
    return peak(of: isOfFewBits ? noisy : try noise())
  }

  /// Peak signal-to-noise ratio in dB: 10 log10(peak^2 / mse); infinite for equal images.
  ///
  /// - Throws: `DenoiseError` where shapes differ or the peak is not positive.
  public static func psnr(_ image: Tensor, truth: Tensor, peak: Double) throws -> Double {
    guard peak > 0 else { throw DenoiseError("the peak must be above 0, not \(peak.plain)") }
    return try decibels(peak * peak, mse(image, truth: truth))
  }

  /// An estimate of PSNR without truth: 10 log10(peak^2 / (selfLoss - noiseVariance)).
  ///
  /// For a prediction that does not see the pixel it is compared with, the mean squared error
  /// against the noisy pixels is that against the truth plus the noise's variance (Batson & Royer
  /// 2019).
  ///
  /// - Parameters:
  ///   - selfLoss: Mean squared error at hidden pixels, in squared units of the image.
  ///   - noiseVariance: Of the same noise, in the same units.
  /// - Returns: Nil where the noise explains all of the loss, so that nothing can be said.
  public static func blindPSNR(
    selfLoss: Double, noiseVariance: Double, peak: Double
  ) -> Double? {
    let error = selfLoss - noiseVariance
    return error > 0 && peak > 0 ? decibels(peak * peak, error) : nil
  }

  /// Signal-to-noise ratio in dB: 10 log10(sum of truth^2 / sum of (image - truth)^2).
  public static func snr(_ image: Tensor, truth: Tensor) throws -> Double {
    let error = try mse(image, truth: truth)
    let power = truth.values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(truth.count)
    return decibels(power, error)
  }

  static func decibels(_ signal: Double, _ noise: Double) -> Double {
    10 * Elementary.log(signal / noise) / Elementary.log(10.0)
  }
}
