import TensorEngine

/// An image as the interleaved samples of a picture.
struct PNGPlane {
  let width: Int
  let height: Int
  let channels: Int
  /// Channels of a pixel beside each other.
  let samples: [Float]

  /// - Throws: `FormatError` where the image is no single picture of 1 or 3 channels (or one more
  ///   that is named `alpha`).
  init(_ image: Image, _ path: String) throws {
    // Dimensions of one element do not make a picture a stack.
    let kept = zip(image.axes, image.shape).filter { $1 != 1 || "YX".contains($0) }
    let axes = String(kept.map(\.0))
    let shape = kept.map(\.1)
    guard axes == "YX" || axes == "CYX", shape.allSatisfy({ (1...0x7fff_ffff).contains($0) }) else {
      throw FormatError(
        .badRequest,
        "a PNG holds one picture, not \(image.axes) of \(image.shape.asShape): \"\(path)\"",
        hint: "use `slice` for a plane of it, or save as TIFF")
    }
    channels = axes == "YX" ? 1 : shape[0]
    height = shape[shape.count - 2]
    width = shape[shape.count - 1]
    let hasAlpha = image.channels?.last == "alpha"
    guard channels == 1 || channels == 3 || (hasAlpha && (channels == 2 || channels == 4)) else {
      throw FormatError(
        .badRequest, "a PNG has 1 or 3 channels, this image \(channels): \"\(path)\"",
        hint: "save one channel, as in image[c=0], or save as TIFF")
    }
    samples =
      channels == 1
      ? image.tensor.values
      : AxisOrder.permuted(image.tensor.values, shape: shape, order: [1, 2, 0])
  }
}
