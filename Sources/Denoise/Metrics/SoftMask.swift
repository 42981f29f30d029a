import TensorEngine

/// Masks with soft edges for correlations: 1 where the thing is, a cosine down to 0 around it. A
/// sharp edge would be signal of its own, and both maps would share it.
public enum SoftMask {
  /// A mask about the dense parts of a map.
  ///
  /// - Parameters:
  ///   - map: An image without samples or channels; dense is bright.
  ///   - lowpass: Length, in the voxel's unit, to which the map is smoothed first; 8 voxels where
  ///     nil.
  ///   - threshold: Of the smoothed map; halfway between its median and its 99.5th percentile where
  ///     nil.
  ///   - extend: Voxels by which the mask is made larger.
  ///   - edge: Voxels over which it falls to 0.
  /// - Throws: `DenoiseError` where nothing lies above the threshold, or the image is a stack;
  ///   `Interrupted`.
  public static func around(
    _ map: Image, lowpass: Double? = nil, threshold: Double? = nil, extend: Double = 3,
    edge: Double = 6
  ) throws -> Image {
    try check(map)
    guard extend >= 0, edge >= 0 else {
      throw DenoiseError("a mask is extended by 0 voxels or more, and so is its edge")
    }
    let voxel = map.voxel?.max() ?? 1
    let filter = try FrequencyFilter(
      high: lowpass ?? 8 * voxel, measure: .resolution, shape: .gaussian)
    let smooth = try filter.applied(to: map).tensor.values
    let level = threshold.map { Float($0) } ?? automatic(smooth)
    let chosen = smooth.map { $0 > level }
    guard chosen.contains(true) else {
      throw DenoiseError(
        "nothing of the map lies above the threshold \(Double(level).plain)",
        hint: "give a lower `threshold`; the smoothed map goes up to "
          + "\(Double(smooth.max() ?? 0).plain)")
    }
    let distances = DistanceTransform.squared(to: chosen, shape: map.shape)
    return try image(like: map, distances.map { falling($0.squareRoot(), Float(extend), edge) })
  }

  /// A ball about the middle of an image's space, with a soft edge outside it.
  ///
  /// - Parameters:
  ///   - radius: Of the ball, in voxels.
  ///   - edge: Voxels over which the mask falls to 0.
  /// - Throws: `DenoiseError` where the radius is not above 0, or the image is a stack.
  public static func ball(
    in map: Image, radius: Double, edge: Double = 6
  ) throws -> Image {
    try check(map)
    guard radius > 0, edge >= 0 else {
      throw DenoiseError("a ball has a radius above 0, not \(radius.plain)")
    }
    var squares: [Float] = [0]
    for side in map.shape {
      let steps = (0..<side).map { Float($0) - Float(side / 2) }
      squares = squares.flatMap { base in steps.map { base + $0 * $0 } }
    }
    return try image(like: map, squares.map { falling($0.squareRoot(), Float(radius), edge) })
  }

  /// 1 up to a distance, then half a cosine down to 0.
  static func falling(_ distance: Float, _ start: Float, _ edge: Double) -> Float {
    if distance <= start { return 1 }
    let share = (distance - start) / Float(edge)
    return share < 1 ? 0.5 + 0.5 * Elementary.cos(Float.pi * share) : 0
  }

  private static func check(_ map: Image) throws {
    guard map.spatialDimensions.count == map.tensor.rank, map.tensor.count > 0 else {
      throw DenoiseError(
        "a mask is made of one image or volume, not of \(map.shape.asShape) \(map.axes)")
    }
  }

  private static func automatic(_ values: [Float]) -> Float {
    let sorted = values.sorted()
    let middle = sorted.sortedQuantile(0.5) ?? 0
    let top = sorted.sortedQuantile(0.995) ?? 0
    return Float(0.5 * (middle + top))
  }

  private static func image(like map: Image, _ values: [Float]) throws -> Image {
    var mask = try map.with(values)
    mask.stored = .float32
    return mask
  }
}
