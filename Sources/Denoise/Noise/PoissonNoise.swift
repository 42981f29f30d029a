import TensorEngine

/// `poisson(peak)` and `poisson_gaussian(peak, sigma)`: shot noise, as of a camera that counts
/// `peak` photons where the image is brightest, and read noise.
///
/// y = P(x peak / max x) max x / peak + sigma n, with P a Poisson count and n standard normal.
/// Values below zero count as zero.
public struct PoissonNoise: Noise {
  public let peak: Double
  /// Standard deviation of the read noise, in the image's units.
  public let sigma: Double

  /// - Throws: `DenoiseError` for a peak of 0 or less, or a negative sigma.
  public init(peak: Double, sigma: Double = 0) throws {
    guard peak > 0, peak.isFinite else {
      throw DenoiseError("peak must be a number of photons above 0, not \(peak.plain)")
    }
    guard sigma >= 0, sigma.isFinite else { throw DenoiseError.strength("sigma", sigma) }
    self.peak = peak
    self.sigma = sigma
  }

  public var description: String {
    sigma == 0
      ? "poisson(peak=\(peak.plain))"
      : "poisson_gaussian(peak=\(peak.plain), sigma=\(sigma.plain))"
  }

  public func noisyValues(of image: Image, seed: UInt64) throws -> [Float] {
    let brightest = Double(image.tensor.values.max() ?? 0)
    guard brightest > 0 else {
      throw DenoiseError(
        "Poisson noise needs an image with values above zero",
        hint: "shift the image, or use gaussian(sigma)")
    }
    let photons = peak / brightest
    let sigma = Float(sigma)
    return PointwiseNoise.apply(to: image.tensor.values, seed: seed) { value, stream in
      let rate = max(0, Double(value) * photons)
      let shot = Float(PoissonNoise.count(rate: rate, &stream) / photons)
      return sigma > 0 ? shot + sigma * stream.normal() : shot
    }
  }

  /// A Poisson count: by inversion for small rates, else by transformed rejection (Hörmann 1993,
  /// PTRS).
  static func count(rate: Double, _ stream: inout RandomStream) -> Double {
    guard rate > 0, rate.isFinite else { return 0 }
    if rate < 10 {
      let limit = Elementary.exp(-rate)
      var product = Double(1 - stream.uniform())
      var count = 0.0
      while product > limit {
        product *= Double(1 - stream.uniform())
        count += 1
      }
      return count
    }
    let b = 0.931 + 2.53 * rate.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let accept = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = Double(stream.uniform()) - 0.5
      let v = Double(1 - stream.uniform())
      let us = 0.5 - abs(u)
      guard us > 0 else { continue }
      let count = ((2 * a / us + b) * u + rate + 0.43).rounded(.down)
      if us >= 0.07 && v <= accept { return count }
      if count < 0 || (us < 0.013 && v > us) { continue }
      let left = Elementary.log(v * inverseAlpha / (a / (us * us) + b))
      if left <= count * Elementary.log(rate) - rate - logFactorial(count) { return count }
    }
  }

  /// log n!, by Stirling's series from 10 on.
  static func logFactorial(_ n: Double) -> Double {
    if n < 10 { return stride(from: 2.0, through: n, by: 1).reduce(0) { $0 + Elementary.log($1) } }
    let x = n + 1
    return (x - 0.5) * Elementary.log(x) - x + 0.5 * Elementary.log(2 * .pi)
      + (1 / 12 - 1 / (360 * x * x)) / x
  }
}
