import TensorEngine

extension Image {
  /// A box of the image; the origin moves with its corner.
  ///
  /// - Parameter box: One side for each axis, inside the image.
  /// - Throws: `DenoiseError` where the box is empty or reaches outside.
  public func cropped(to box: Box) throws -> Image {
    guard box.fits(shape), box.count > 0 else {
      throw DenoiseError(
        "a box of \(box.size.asShape) from \(box.origin) does not fit an image of \(shape.asShape)",
        hint: "its sides are at least 1, and it ends inside the image")
    }
    let values = box.values(of: tensor.values, shape: shape)
    var result = try described(by: Tensor(values, shape: box.size))
    result.origin = movedOrigin(by: box.origin.map(Double.init))
    if let c = dimension(of: "C"), let names = channels, names.count == shape[c] {
      result.channels = Array(names[box.origin[c]..<box.origin[c] + box.size[c]])
    }
    return result
  }
}

extension Image {
  /// The description around other elements of the same axes.
  func described(by tensor: Tensor) throws -> Image {
    var copy = self
    copy.tensor = tensor
    return copy
  }

  /// The origin after moving the first voxel along the axes, in voxels; nil stays nil where
  /// nothing moves or the voxel size is not known.
  func movedOrigin(by steps: [Double]) -> [Double]? {
    let spatial = spatialDimensions
    guard let voxel, voxel.count == spatial.count else { return origin }
    let start = origin ?? voxel.map { _ in 0 }
    guard start.count == voxel.count, origin != nil || spatial.contains(where: { steps[$0] != 0 })
    else { return origin }
    return spatial.indices.map { start[$0] + steps[spatial[$0]] * voxel[$0] }
  }

  /// One number for each spatial axis, from one number for all or one each.
  ///
  /// - Throws: `DenoiseError` that names `what` where the count is wrong.
  func perSpatialAxis<Number>(_ numbers: [Number], _ what: String) throws -> [Number] {
    let count = spatialDimensions.count
    guard count > 0 else {
      throw DenoiseError("an image of axes \"\(axes)\" has no space")
    }
    if numbers.count == 1 { return Array(repeating: numbers[0], count: count) }
    guard numbers.count == count else {
      throw DenoiseError(
        "`\(what)` gives \(numbers.count) numbers for the \(count) space axes of \"\(axes)\"",
        hint: "give one number for all, or one for each axis")
    }
    return numbers
  }

  /// The box in the middle of space with the given sides; other axes are whole.
  ///
  /// - Parameter sides: One for all spatial axes, or one each.
  /// - Throws: `DenoiseError` where a side is larger than the image's.
  public func centeredBox(sides: [Int]) throws -> Box {
    let sides = try perSpatialAxis(sides, "size")
    var box = Box(origin: shape.map { _ in 0 }, size: shape)
    for (axis, side) in zip(spatialDimensions, sides) {
      guard (1...max(1, shape[axis])).contains(side) else {
        throw DenoiseError(
          "a side of \(side) does not fit into \(shape.asShape)",
          hint: "crop to at most \(shape[axis]); `pad` makes an image larger")
      }
      box.size[axis] = side
      box.origin[axis] = (shape[axis] - side) / 2
    }
    return box
  }
}
