import TensorEngine

/// An image that is in memory already.
struct MemoryReader: ImageReader {
  let info: ImageInfo
  let notes: [String]
  /// All elements, in the image's order.
  let elements: [Float]

  func values(in region: Region) throws -> [Float] {
    Block.copy(region, of: elements, shape: info.shape)
  }
}
