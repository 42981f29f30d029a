import TensorEngine

/// `normalize=voxel`: brings maps to a common voxel size before training, and results back.
///
/// Along each axis whose voxel size lies outside the allowed range, the map is resampled to the
/// wanted size; the others stay (`norm_vox`, `norm_vox_min`, `norm_vox_max` of the half-map
/// project).
public struct VoxelNormalization: Sendable, Equatable, CustomStringConvertible {
  /// Wanted voxel size, in the map's unit.
  public let size: Double
  public let allowed: ClosedRange<Double>

  /// - Throws: `DenoiseError` for sizes of 0 or less, or a wanted size that is not allowed itself.
  public init(size: Double, allowed: ClosedRange<Double>) throws {
    guard size > 0, size.isFinite, allowed.lowerBound > 0, allowed.contains(size) else {
      throw DenoiseError(
        "the voxel size \(size.plain) must lie in the allowed range, "
          + "\(allowed.lowerBound.plain) ... \(allowed.upperBound.plain)")
    }
    self.size = size
    self.allowed = allowed
  }

  /// What brings others to the voxel size of an image, which itself stays as it is; along all axes
  /// its finest, where they differ.
  ///
  /// - Throws: `DenoiseError` where the image has no voxel size.
  public init(like image: any ImageSource) throws {
    guard let sizes = image.voxel, let finest = sizes.min(), let coarsest = sizes.max() else {
      throw VoxelNormalization.unknown("leave out `normalize=voxel`, or `load` it with a `voxel=`")
    }
    // Sizes in headers are rounded.
    try self.init(size: finest, allowed: finest * 0.999...coarsest * 1.001)
  }

  private static func unknown(_ hint: String) -> DenoiseError {
    DenoiseError("the map has no voxel size, so it cannot be brought to another", hint: hint)
  }

  public var description: String {
    "voxel(\(size.plain), min=\(allowed.lowerBound.plain), max=\(allowed.upperBound.plain))"
  }

  /// The map on the wanted grid.
  ///
  /// - Throws: `DenoiseError` where the voxel size is not known or the result would be too large.
  public func applied(to image: Image) throws -> Image {
    guard let voxel = image.voxel, voxel.count == image.spatialDimensions.count else {
      throw VoxelNormalization.unknown("leave the map out, or do without one voxel size for all")
    }
    var sides = image.shape
    for (axis, old) in zip(image.spatialDimensions, voxel) where !allowed.contains(old) {
      let side = (Double(sides[axis]) * old / size).rounded()
      guard side >= 1, side < 1e6 else {
        throw DenoiseError("resampling from \(old.plain) to \(size.plain) is out of proportion")
      }
      sides[axis] = Int(side)
    }
    return try Resampling.applied(to: image, shape: sides)
  }

  /// A result on the original map's grid again.
  ///
  /// - Throws: `DenoiseError` where the axes differ.
  public func undone(on result: Image, like original: Image) throws -> Image {
    guard result.axes == original.axes else {
      throw DenoiseError("a \(result.axes) image cannot take the grid of a \(original.axes) one")
    }
    return try original.with(
      Resampling.applied(to: result, shape: original.shape).tensor.values)
  }
}

/// Resampling to another number of elements, axis by axis, by cubic convolution (Keys 1981,
/// a = -1/2); where an axis shrinks, the kernel is stretched so that nothing aliases.
enum Resampling {
  /// - Throws: `DenoiseError` where the result would have too many elements.
  static func applied(to image: Image, shape: [Int]) throws -> Image {
    guard let count = shape.checkedProduct, count < 1 << 36, image.tensor.count > 0 else {
      throw DenoiseError("cannot resample \(image.shape.asShape) to \(shape.asShape)")
    }
    var values = image.tensor.values
    var current = image.shape
    for axis in shape.indices where shape[axis] != current[axis] {
      values = resample(values, shape: current, axis: axis, count: shape[axis])
      current[axis] = shape[axis]
    }
    let voxel = image.voxel.map { voxel in
      zip(voxel, image.spatialDimensions).map { size, axis in
        size * Double(image.shape[axis]) / Double(shape[axis])
      }
    }
    return try Image(
      Tensor(values, shape: shape), axes: image.axes, voxel: voxel, unit: image.unit,
      origin: image.origin, stored: image.stored, path: image.path, header: image.header,
      channels: image.channels)
  }

  private static func resample(
    _ values: [Float], shape: [Int], axis: Int, count: Int
  ) -> [Float] {
    let old = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let rows = (0..<count).map { weights(at: $0, from: old, to: count) }
    return ParallelArray.make(count: values.count / (old * inner) * count, each: inner) { range in
      var result = [Float](repeating: 0, count: range.count * inner)
      for (local, row) in range.enumerated() {
        let first = row / count * old
        for (source, weight) in rows[row % count] {
          let from = (first + source) * inner
          for offset in 0..<inner {
            result[local * inner + offset] += weight * values[from + offset]
          }
        }
      }
      return result
    }
  }

  /// The old elements, and their weights, that make a new one.
  private static func weights(at index: Int, from old: Int, to new: Int) -> [(Int, Float)] {
    let ratio = Double(old) / Double(new)
    let stretch = max(1, ratio)
    let center = (Double(index) + 0.5) * ratio - 0.5
    let reach = Int((2 * stretch).rounded(.up))
    let middle = Int(center.rounded(.down))
    var weights: [(Int, Double)] = []
    for source in middle - reach...middle + reach {
      let weight = cubic((Double(source) - center) / stretch)
      if weight != 0, let inside = Border.symmetric.index(source, count: old) {
        weights.append((inside, weight))
      }
    }
    let total = weights.reduce(0) { $0 + $1.1 }
    return weights.map { ($0.0, Float($0.1 / total)) }
  }

  private static func cubic(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return 0
  }
}
