import TensorEngine

/// How maps are made ready for a network, and results brought back: part of a trained model, so that
/// a prediction cannot see maps on another scale than training did.
public struct MapPreparation: Sendable, Equatable, CustomStringConvertible {
  /// Each map has a mean of 0 and a standard deviation of 1 of its own; else all share the scale of
  /// the training data.
  public var norm: Bool
  /// Maps of other voxel sizes are resampled; nil leaves them as they are.
  public var voxel: VoxelNormalization?
  /// Voxels at each face of a map that no training cube holds, and that a tile's result loses at
  /// each side at least.
  public var margin: Int

  /// - Throws: `DenoiseError` for a negative margin.
  public init(norm: Bool = true, voxel: VoxelNormalization? = nil, margin: Int = 0) throws {
    guard margin >= 0 else { throw DenoiseError("a margin of \(margin) voxels") }
    self.norm = norm
    self.voxel = voxel
    self.margin = margin
  }

  /// As the options that make it.
  public var description: String {
    var parts = ["norm=\(norm)"]
    if let voxel {
      parts += [
        "norm_vox=\(voxel.size)", "norm_vox_min=\(voxel.allowed.lowerBound)",
        "norm_vox_max=\(voxel.allowed.upperBound)",
      ]
    }
    return (parts + ["margin=\(margin)"]).joined(separator: ", ")
  }

  /// The preparation that a description is of; nil where it is of none.
  public init?(_ description: String) {
    var fields: [Substring: Substring] = [:]
    for part in description.split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { return nil }
      fields[pair[0]] = pair[1]
    }
    guard let norm = fields["norm"].flatMap({ Bool(String($0)) }),
      let margin = fields["margin"].flatMap({ Int($0) })
    else { return nil }
    var voxel: VoxelNormalization?
    if let size = fields["norm_vox"].flatMap({ Double($0) }) {
      guard let low = fields["norm_vox_min"].flatMap({ Double($0) }),
        let high = fields["norm_vox_max"].flatMap({ Double($0) }), low <= high,
        let known = try? VoxelNormalization(size: size, allowed: low...high)
      else { return nil }
      voxel = known
    }
    guard let made = try? MapPreparation(norm: norm, voxel: voxel, margin: margin) else {
      return nil
    }
    self = made
  }

  /// A map that is ready for the network.
  public struct Prepared: Sendable {
    public let image: Image
    private let mean: Float
    private let deviation: Float
    private let original: Image
    private let voxel: VoxelNormalization?

    fileprivate init(_ map: Image, _ preparation: MapPreparation) throws {
      original = map
      voxel = preparation.voxel
      let sampled = try voxel?.applied(to: map) ?? map
      guard preparation.norm else {
        (image, mean, deviation) = (sampled, 0, 1)
        return
      }
      let (center, spread) = sampled.tensor.values.meanAndDeviation
      (mean, deviation) = (Float(center), spread > 0 ? Float(spread) : 1)
      let (shift, scale) = (mean, 1 / deviation)
      image = try sampled.with(sampled.tensor.values.map { ($0 - shift) * scale })
    }

    /// A result on the map's own scale and grid.
    public func restored(_ result: Image) throws -> Image {
      let values = result.tensor.values.map { $0 * deviation + mean }
      let scaled = try result.with(values)
      var back = try voxel?.undone(on: scaled, like: original) ?? original.with(values)
      back.stored = .float32
      return back
    }

    /// A spread on the map's own scale and grid.
    func restoredSpread(_ spread: Image) throws -> Image {
      let scaled = try spread.with(spread.tensor.values.map { $0 * deviation })
      return try voxel?.undone(on: scaled, like: original) ?? original.with(scaled.tensor.values)
    }
  }

  /// - Throws: `DenoiseError` where the map has no voxel size and one is wanted, or would become too
  ///   large.
  public func prepared(_ map: Image) throws -> Prepared { try Prepared(map, self) }

  /// Images as a training sees them.
  ///
  /// - Throws: `DenoiseError` as for one, or where an image that would change is not in memory.
  public func prepared(_ images: [any ImageSource]) throws -> [any ImageSource] {
    try images.map { source in
      if !norm, let voxel, source.voxel?.allSatisfy(voxel.allowed.contains) ?? false {
        return source
      }
      guard let image = source as? Image else {
        throw DenoiseError(
          "images are brought to one voxel size as a whole, and this one is left on the disk",
          hint: "raise `memory=`, or resample it first")
      }
      return try prepared(image).image
    }
  }

  /// The part of a map that cubes are taken from: without the margin, where a cube still fits.
  ///
  /// - Parameter cube: Sides of a training cube, in voxels.
  public func inner(_ map: Image, cube: Int) throws -> Image {
    let space = map.spatialDimensions
    var box = Box(origin: map.shape.map { _ in 0 }, size: map.shape)
    for axis in space {
      let cut = min(margin, max(0, (map.shape[axis] - cube) / 2))
      box.origin[axis] = cut
      box.size[axis] -= 2 * cut
    }
    if box.size == map.shape { return map }
    let values = box.values(of: map.tensor.values, shape: map.shape)
    return try Image(
      Tensor(values, shape: box.size), axes: map.axes, voxel: map.voxel, unit: map.unit,
      stored: map.stored)
  }
}
