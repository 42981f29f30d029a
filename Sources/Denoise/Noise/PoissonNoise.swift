import TensorEngine

/// `poisson(peak)`: shot noise, as of a camera that counts `peak` photons where the image is
/// brightest.
///
/// y = P(x peak / max x) max x / peak, with P a Poisson count. Values below zero count as zero.
public struct PoissonNoise: Noise {
  public let peak: Double

  /// - Throws: `DenoiseError` for a peak of 0 or less.
  public init(peak: Double) throws {
    guard peak > 0, peak.isFinite else {
      throw DenoiseError("peak must be a number of photons above 0, not \(peak.plain)")
    }
    self.peak = peak
  }

  public var description: String { "poisson(peak=\(peak.plain))" }

  public func noisyValues(of image: Image, seed: UInt64) throws -> [Float] {
    let photons = try photonsPerUnit(of: image)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      Float(PoissonCount.draw(rate: Double(value) * photons, &stream) / photons)
    }
  }

  /// Photons that one unit of the image stands for.
  func photonsPerUnit(of image: Image) throws -> Double {
    let brightest = Double(image.tensor.values.max() ?? 0)
    guard brightest > 0 else {
      throw DenoiseError(
        "Poisson noise needs an image with values above zero",
        hint: "shift the image, or use gaussian(sigma)")
    }
    return peak / brightest
  }
}

/// `poisson_gaussian(peak, sigma)`: shot noise and read noise: `poisson(peak)` plus sigma n, with n
/// standard normal and sigma in the image's units.
public struct PoissonGaussianNoise: Noise {
  public let shot: PoissonNoise
  public let sigma: Double

  /// - Throws: `DenoiseError` for a peak of 0 or less, or a negative sigma.
  public init(peak: Double, sigma: Double) throws {
    guard sigma >= 0, sigma.isFinite else { throw DenoiseError.strength("sigma", sigma) }
    shot = try PoissonNoise(peak: peak)
    self.sigma = sigma
  }

  public var description: String {
    "poisson_gaussian(peak=\(shot.peak.plain), sigma=\(sigma.plain))"
  }

  public func noisyValues(of image: Image, seed: UInt64) throws -> [Float] {
    let photons = try shot.photonsPerUnit(of: image)
    let sigma = Float(sigma)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      let counted = PoissonCount.draw(rate: Double(value) * photons, &stream) / photons
      return Float(counted) + sigma * stream.normal()
    }
  }
}
