import TensorEngine

/// How strong the noise of images is at each brightness: the standard deviation, between given
/// points in straight lines, beyond them as at the nearest. A single point is noise that is alike
/// everywhere.
public struct NoiseCurve: Sendable, Equatable {
  /// Brightness of the points, ascending.
  public let brightness: [Double]
  /// The standard deviation at each, positive.
  public let deviations: [Double]

  /// Noise that is alike at every brightness.
  ///
  /// - Parameter deviation: Above 0.
  public init(constant deviation: Double) {
    (brightness, deviations) = ([0], [deviation])
  }

  /// - Returns: nil where the points are none, do not ascend or are not positive and finite.
  public init?(brightness: [Double], deviations: [Double]) {
    guard !brightness.isEmpty, brightness.count == deviations.count,
      zip(brightness, brightness.dropFirst()).allSatisfy({ $0 < $1 }),
      (brightness + deviations).allSatisfy(\.isFinite), deviations.allSatisfy({ $0 > 0 })
    else { return nil }
    (self.brightness, self.deviations) = (brightness, deviations)
  }

  /// Estimates the curve at places where guides are flat and nothing but noise was taken off.
  ///
  /// - Parameters:
  ///   - images: as measured.
  ///   - guides: the same with their noise taken off.
  /// - Returns: nil where there is no noise, or no number.
  /// - Throws: `DenoiseError` for images without space.
  public init?(of images: [Image], guides: [Image]) throws {
    let taken = try zip(images, guides).map { image, guide in
      try image.with(zip(image.tensor.values, guide.tensor.values).map(-))
    }
    let places = try FlatPlaces(of: guides, taken: taken)
    let found = places.spreads(of: try FlatPlaces.details(of: images))
    let mean = (found.reduce(0) { $0 + $1 * $1 } / Double(max(1, found.count))).squareRoot()
    guard mean > 0, mean.isFinite else { return nil }
    // Where nothing varies the values were clipped, and lines have to go on.
    self.init(
      brightness: places.brightness, deviations: found.map { max(NoiseCurve.least * mean, $0) })
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

  /// In pixels.
  private static let guideWidth = 1.5
  /// Of the mean.
  private static let least = 0.1

  /// The standard deviation at a brightness.
  public func deviation(at value: Double) -> Double {
    guard let above = brightness.firstIndex(where: { $0 > value }) else {
      return deviations[deviations.count - 1]
    }
    guard above > 0 else { return deviations[0] }
    let below = above - 1
    let part = (value - brightness[below]) / (brightness[above] - brightness[below])
    return deviations[below] * (1 - part) + deviations[above] * part
  }

  /// The median of the points.
  public var typical: Double {
    let sorted = deviations.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The strongest noise over the weakest.
  public var range: Double { (deviations.max() ?? 1) / (deviations.min() ?? 1) }
}

extension NoiseCurve: LosslessStringConvertible {
  /// Brightness and deviation of each point: `12.5:3.1;40:5.2`.
  public var description: String {
    zip(brightness, deviations).map { "\($0):\($1)" }.joined(separator: ";")
  }

  public init?(_ description: String) {
    var points: [(Double, Double)] = []
    for point in description.split(separator: ";") {
      let parts = point.split(separator: ":").map { Double($0) }
      guard parts.count == 2, let at = parts[0], let deviation = parts[1] else { return nil }
      points.append((at, deviation))
    }
    self.init(brightness: points.map(\.0), deviations: points.map(\.1))
  }
}

/// Where images are flattest: of elements that are alike in brightness, those with the smallest
/// slopes in a guide, which is the images with their noise taken off. What varies from neighbour to
/// neighbour there is noise. Elements are counted plane by plane, one image after the other.
///
/// A guide may be flat where it lost texture. Where what was taken off is given too, places count as
/// flat where that, smoothed, is small as well: noise nearly vanishes when it is smoothed, and
/// the finest differences, which tell the noise, hardly notice the choice.
struct FlatPlaces {
  /// For each group of alike brightness its flat elements.
  private let groups: [[Int]]
  /// The mean brightness of each group, ascending.
  let brightness: [Double]

  private static let mostGroups = 16
  private static let fewestElements = 2000
  /// Of a group.
  private static let flatShare = 0.3
  /// The same where what was taken off is given.
  private static let emptyShare = 0.15
  /// In standard deviations, by the median.
  private static let outlier = 4.0

  /// - Parameters:
  ///   - guides: images with their noise taken off.
  ///   - taken: what was taken off; nothing is asked of it where nil.
  /// - Throws: `DenoiseError` for images without space.
  init(of guides: [Image], taken: [Image]? = nil) throws {
    let values = try FlatPlaces.planewise(guides) { values, _ in values }
    var slopes = try FlatPlaces.planewise(guides, FlatPlaces.slopes)
    if let taken {
      let lost = try FlatPlaces.planewise(taken, FlatPlaces.strength)
      let (slope, loss) = (slopes.average, lost.average)
      if slope > 0, loss > 0 {
        slopes = zip(slopes, lost).map { $0 / Float(slope) + $1 / Float(loss) }
      }
    }
    let share = taken == nil ? FlatPlaces.flatShare : FlatPlaces.emptyShare
    let finite = values.indices.filter { values[$0].isFinite && slopes[$0].isFinite }
    let order = finite.sorted { (values[$0], $0) < (values[$1], $1) }
    let count = min(
      FlatPlaces.mostGroups, max(1, order.count / FlatPlaces.fewestElements))
    var groups: [[Int]] = []
    var brightness: [Double] = []
    for group in 0..<count {
      let all = order[group * order.count / count..<(group + 1) * order.count / count]
      guard let most = all.map({ slopes[$0] }).sorted().sortedQuantile(share) else {
        continue
      }
      let flat = all.filter { Double(slopes[$0]) <= most }
      let mean = flat.map { values[$0] }.average
      // Groups of one brightness, as where a detector clips, are one.
      if let last = brightness.last, mean <= last {
        groups[groups.count - 1] += flat
      } else {
        groups.append(flat)
        brightness.append(mean)
      }
    }
    (self.groups, self.brightness) = (groups, brightness)
  }

  /// How steep smoothed values are.
  private static func slopes(_ values: [Float], _ shape: [Int]) -> [Float] {
    let smooth = blurred(values, shape, 1)
    let difference = AxisFilter(taps: [-0.5, 0, 0.5], border: .reflect)
    let squares = shape.indices.reduce([Float](repeating: 0, count: values.count)) { sum, axis in
      zip(sum, difference.applied(to: smooth, shape: shape, axis: axis)).map { $0 + $1 * $1 }
    }
    return squares.map { $0.squareRoot() }
  }

  /// How much is around each element that smoothing leaves.
  private static func strength(_ values: [Float], _ shape: [Int]) -> [Float] {
    blurred(blurred(values, shape, 1).map { abs($0) }, shape, 2)
  }

  private static func blurred(_ values: [Float], _ shape: [Int], _ sigma: Double) -> [Float] {
    AxisFilter.gaussian(sigma: sigma, border: .symmetric)
      .applied(to: values, shape: shape, axes: shape.indices)
  }

  /// The standard deviation around zero in each group, with what is far out drawn in.
  func spreads(of values: [Float]) -> [Double] {
    groups.map { group in
      let sizes = group.map { abs(values[$0]) }.filter(\.isFinite).sorted()
      let most = (sizes.sortedQuantile(0.5) ?? 0) / 0.6744897501960817 * FlatPlaces.outlier
      let squares = sizes.reduce(0.0) { sum, size in
        let drawn = most > 0 ? min(Double(size), most) : Double(size)
        return sum + drawn * drawn
      }
      return (squares / Double(max(1, sizes.count))).squareRoot()
    }
  }

  /// The finest diagonal differences, in which white noise is as strong as in the images.
  static func details(of images: [Image]) throws -> [Float] {
    let half = Float(0.5).squareRoot()
    let difference = AxisFilter(taps: [0, half, -half], border: .reflect)
    return try planewise(images) { difference.applied(to: $0, shape: $1, axes: $1.indices) }
  }

  /// The elements of images after a change of each plane.
  static func planewise(
    _ images: [Image], _ change: (_ values: [Float], _ shape: [Int]) -> [Float]
  ) throws -> [Float] {
    try images.flatMap { image in
      let planes = try Planes(of: image)
      return (0..<planes.count).flatMap { change(planes.values($0), planes.spatial) }
    }
  }
}
