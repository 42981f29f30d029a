import TensorEngine

/// `blindspot(radius=1, shape=ball)`: volumetric blind spots, for noise that is correlated over a
/// few voxels, as in cryo-ET. A ball, box or line around each chosen voxel is hidden as a whole, in
/// all channels.
public struct BlindSpotMask: Mask {
  public enum Shape: String, Sendable, CaseIterable {
    /// All voxels at most `radius` away.
    case ball
    /// All voxels at most `radius` away along each axis.
    case box
    /// Voxels at most `radius` away along the last axis (x).
    case line
  }

  public let radius: Int
  public let shape: Shape
  /// Share of voxels chosen as centres; more than that is hidden.
  public let percent: Double
  public let fill: Fill

  /// - Throws: `DenoiseError` for a radius outside 0...32 or a share outside (0, 100].
  public init(
    radius: Int = 1, shape: Shape = .ball, percent: Double = 1, fill: Fill = .interpolate
  ) throws {
    try StratifiedPositions.check(percent: percent)
    guard (0...32).contains(radius) else {
      throw DenoiseError("radius must be 0 ... 32, not \(radius)")
    }
    self.radius = radius
    self.shape = shape
    self.percent = percent
    self.fill = fill
  }

  public var description: String {
    "blindspot(radius=\(radius), shape=\(shape.rawValue), percent=\(percent.plain), "
      + "fill=\(fill.rawValue))"
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let shape = sample.spatial
    let reach = shape.indices.map { self.shape == .line && $0 < shape.count - 1 ? 0 : radius }
    for pixel in StratifiedPositions.draw(percent: percent, shape: shape, stream: &stream) {
      let center = shape.position(of: pixel)
      let box = Box(around: center, radius: reach, within: shape)
      box.forEachRow(in: shape) { row in
        for index in row where isInside(shape.position(of: index), center: center) {
          sample.hide(index)
        }
      }
    }
    sample.fillHidden(fill, taps: taps)
  }

  private func isInside(_ place: [Int], center: [Int]) -> Bool {
    guard shape == .ball else { return true }
    return zip(place, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } <= radius * radius
  }

  /// Reaching past the spot, so that its middle has visible neighbours too.
  private var taps: [Float] {
    (-(radius + 2)...(radius + 2)).map { Float(radius + 3 - abs($0)) }
  }
}
