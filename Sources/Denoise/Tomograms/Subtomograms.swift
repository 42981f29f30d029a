import TensorEngine

extension Image {
  /// Cubes of a volume, or squares of a picture, as a stack.
  ///
  /// - Parameters:
  ///   - corners: First elements of the pieces, in the order of the axes.
  ///   - side: Elements along each axis.
  /// - Throws: `DenoiseError` where a piece leaves the image, or the image is a stack already.
  public func pieces(at corners: [[Int]], side: Int) throws -> Image {
    guard spatialDimensions.count == tensor.rank else {
      throw DenoiseError("pieces are cut from one volume or picture, not from \(axes)")
    }
    guard !corners.isEmpty else { throw DenoiseError("there are no pieces to cut") }
    let size = shape.map { _ in side }
    var values: [Float] = []
    values.reserveCapacity(corners.count * size.product)
    for corner in corners {
      let box = Box(origin: corner, size: size)
      guard corner.count == tensor.rank, box.fits(shape) else {
        throw DenoiseError(
          "a piece of \(size.asShape) at \(corner) leaves the image of \(shape.asShape)")
      }
      values += box.values(of: tensor.values, shape: shape)
    }
    return try Image(
      Tensor(values, shape: [corners.count] + size), axes: "S" + axes, voxel: voxel, unit: unit,
      stored: stored, path: path)
  }

  /// Corners of pieces that lie side by side, `step` apart, and end with the image.
  public func tiledCorners(side: Int, step: Int) -> [[Int]] {
    let starts = shape.map { length -> [Int] in
      guard length >= side else { return [] }
      let inner = Array(stride(from: 0, through: length - side, by: max(1, step)))
      return inner.last == length - side ? inner : inner + [length - side]
    }
    let counts = starts.map(\.count)
    return (0..<counts.product).map { index in
      zip(starts, counts.position(of: index)).map { $0[$1] }
    }
  }

  /// Corners of pieces drawn at random.
  public func randomCorners(side: Int, count: Int, seed: UInt64) -> [[Int]] {
    guard shape.allSatisfy({ $0 >= side }) else { return [] }
    return (0..<count).map { index in
      var stream = RandomStream(seed: seed, purpose: .patch, sample: index)
      return shape.map { stream.int(below: $0 - side + 1) }
    }
  }

  /// The mean of the even and that of the odd elements along an axis: two exposures of one thing
  /// from the frames of a movie or the images of a tilt series.
  ///
  /// - Throws: `DenoiseError` where the axis is missing or has one element.
  public func evenOdd(along axis: Character) throws -> (even: Image, odd: Image) {
    guard let dimension = dimension(of: axis), shape[dimension] > 1 else {
      throw DenoiseError(
        "there are no frames along \(axis) in an image of \(shape.asShape) \(axes)",
        hint: "`axis=` names the axis of the frames")
    }
    let (count, inner) = (shape[dimension], shape[(dimension + 1)...].product)
    let outer = shape[..<dimension].product
    let source = tensor.values
    func mean(_ first: Int) throws -> Image {
      let frames = Array(stride(from: first, to: count, by: 2))
      var values = [Float](repeating: 0, count: outer * inner)
      for block in 0..<outer {
        for frame in frames {
          let from = (block * count + frame) * inner
          for index in 0..<inner { values[block * inner + index] += source[from + index] }
        }
      }
      let scale = 1 / Float(frames.count)
      var kept = shape
      kept.remove(at: dimension)
      var letters = axes
      letters.removeAll { $0 == axis }
      let spatial = spatialDimensions.map { axes[axes.index(axes.startIndex, offsetBy: $0)] }
      let left = voxel.map { zip(spatial, $0).filter { $0.0 != axis }.map(\.1) }
      return try Image(
        Tensor(values.map { $0 * scale }, shape: kept), axes: letters,
        voxel: left?.isEmpty == true ? nil : left, unit: unit, path: path)
    }
    return (try mean(0), try mean(1))
  }
}
