import TensorEngine

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

  /// All flat elements.
  var elements: [Int] { groups.flatMap { $0 } }

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
      let own = group.map { values[$0] }.filter(\.isFinite)
      let most = own.robustDeviation * FlatPlaces.outlier
      guard most > 0 else { return own.rootMeanSquare }
      return own.lazy.map { min(Double(abs($0)), most) }.rootMeanSquare
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
