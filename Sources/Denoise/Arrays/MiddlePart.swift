import TensorEngine

extension ImageSource {
  /// The middle of an image, all channels of one sample: enough to judge by, whatever the size of
  /// the whole.
  ///
  /// - Parameter side: at most so many elements along each axis of space.
  /// - Throws: where the image cannot be read.
  func middle(side: Int) throws -> Image {
    let space = spatialDimensions
    let letters = Array(axes)
    let block = shape.indices.map { axis -> Range<Int> in
      let count = shape[axis]
      let wanted = letters[axis] == "C" ? count : min(count, space.contains(axis) ? side : 1)
      return (count - wanted) / 2..<(count - wanted) / 2 + wanted
    }
    return try Image(
      Tensor(values(in: block), shape: block.map(\.count)), axes: axes, voxel: voxel, unit: unit,
      stored: stored)
  }
}
