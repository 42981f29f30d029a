import TensorEngine

/// How strong the noise of images is at each brightness: the standard deviation, between given
/// points in straight lines, beyond them as at the nearest. A single point is noise that is alike
/// everywhere. Neighbours may share some of it.
public struct NoiseCurve: Sendable, Equatable {
  /// Brightness of the points, ascending.
  public let brightness: [Double]
  /// The standard deviation at each, positive.
  public let deviations: [Double]
  /// What neighbours share of their noise; nil where it is white.
  public let correlation: NoiseCorrelation?

  /// Noise that is alike at every brightness.
  ///
  /// - Parameter deviation: Above 0.
  public init(constant deviation: Double, correlation: NoiseCorrelation? = nil) {
    (brightness, deviations, self.correlation) = ([0], [deviation], correlation)
  }

  /// - Returns: nil where the points are none, do not ascend or are not positive and finite.
  public init?(
    brightness: [Double], deviations: [Double], correlation: NoiseCorrelation? = nil
  ) {
    guard !brightness.isEmpty, brightness.count == deviations.count,
      zip(brightness, brightness.dropFirst()).allSatisfy({ $0 < $1 }),
      (brightness + deviations).allSatisfy(\.isFinite), deviations.allSatisfy({ $0 > 0 })
    else { return nil }
    (self.brightness, self.deviations) = (brightness, deviations)
    self.correlation = correlation
  }

  /// Estimates the curve at places where guides are flat and nothing but noise was taken off.
  ///
  /// - Parameters:
  ///   - images: as measured.
  ///   - guides: the same with their noise taken off.
  /// - Returns: nil where there is no noise, or no number.
  /// - Throws: `DenoiseError` for images without space.
  public init?(of images: [Image], guides: [Image]) throws {
    try self.init(of: images, guides: guides, SteadyNoise.shared(of: images))
  }

  /// - Parameter shared: the noise as it shows in the steadiest blocks, where neighbours share some.
  init?(of images: [Image], guides: [Image], _ shared: SteadyNoise?) throws {
    let places = try FlatPlaces(of: guides, taken: zip(images, guides).map { try $0.minus($1) })
    guard let differences = NoiseCurve(places, of: try FlatPlaces.details(of: images)) else {
      return nil
    }
    guard let steady = shared else {
      self = differences
      return
    }
    // What neighbours share is not seen in their differences.
    let factor =
      steady.deviations
      .map { $0.deviation / differences.deviation(at: $0.brightness) }.median ?? 1
    self.init(
      brightness: differences.brightness, deviations: differences.deviations.map { $0 * factor },
      correlation: steady.correlation)
  }

  /// Estimates the curve where smoothed images are flat.
  ///
  /// - Parameter images: as measured.
  /// - Returns: nil where there is no noise, or no number.
  /// - Throws: `DenoiseError` for images without space.
  public init?(of images: [Image]) throws {
    let smooth = try GaussianFilter(["sigma": NoiseCurve.guideWidth])
    try self.init(of: images, guides: images.map(smooth.denoised))
  }

  /// Measures the curve of two exposures by their difference, where guides are flat.
  ///
  /// - Parameters:
  ///   - pairs: exposures of the same, with noise of their own and alike.
  ///   - guides: for each pair its image with the noise taken off.
  /// - Returns: nil where there is no noise, or no number.
  /// - Throws: `DenoiseError` for images without space.
  init?(of pairs: [(Image, Image)], guides: [Image]) throws {
    let half = Float(0.5).squareRoot()
    let noise = try pairs.map { one, other in
      try one.with(zip(one.tensor.values, other.tensor.values).map { ($0 - $1) * half })
    }
    let places = try FlatPlaces(of: guides)
    let spreads = try FlatPlaces.planewise(noise) { values, _ in values }
    guard let white = NoiseCurve(places, of: spreads) else { return nil }
    self.init(
      brightness: white.brightness, deviations: white.deviations,
      correlation: try NoiseCorrelation(ofNoise: noise))
  }

  /// The curve that values of nothing but noise show at flat places.
  private init?(_ places: FlatPlaces, of noise: [Float]) {
    let found = places.spreads(of: noise)
    let mean = found.rootMeanSquare
    guard mean > 0, mean.isFinite else { return nil }
    // Where nothing varies the values were clipped, and lines have to go on.
    self.init(
      brightness: places.brightness, deviations: found.map { max(NoiseCurve.least * mean, $0) })
  }

  /// In pixels.
  static let guideWidth = 1.5
  /// Of the mean.
  private static let least = 0.1

  /// The standard deviation at a brightness.
  public func deviation(at value: Double) -> Double {
    let (low, share) = brightness.place(of: value)
    let part = min(1, max(0, share))
    return deviations[low] * (1 - part) + deviations[min(low + 1, deviations.count - 1)] * part
  }

  /// The median of the points.
  public var typical: Double { deviations.median ?? 0 }

  /// Whether it is alike everywhere and white.
  var isEven: Bool { deviations.count == 1 && correlation == nil }

  /// The strongest noise over the weakest.
  public var range: Double { (deviations.max() ?? 1) / (deviations.min() ?? 1) }
}

extension NoiseCurve: LosslessStringConvertible {
  /// Brightness and deviation of each point, and the correlation where there is one:
  /// `12.5:3.1;40:5.2|0.38:0.02|0.37:0.01`.
  public var description: String {
    let points = zip(brightness, deviations).map { "\($0):\($1)" }.joined(separator: ";")
    return points + (correlation.map { "|\($0)" } ?? "")
  }

  public init?(_ description: String) {
    var points: [(Double, Double)] = []
    let halves = description.split(separator: "|", maxSplits: 1)
    for point in (halves.first ?? "").split(separator: ";") {
      let parts = point.split(separator: ":").map { Double($0) }
      guard parts.count == 2, let at = parts[0], let deviation = parts[1] else { return nil }
      points.append((at, deviation))
    }
    var correlation: NoiseCorrelation?
    if halves.count > 1 {
      correlation = NoiseCorrelation(String(halves[1]))
      if correlation == nil { return nil }
    }
    self.init(
      brightness: points.map(\.0), deviations: points.map(\.1), correlation: correlation)
  }
}
