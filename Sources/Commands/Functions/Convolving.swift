import Lang
import TensorEngine

/// Convolution of images, at once or as a part of what is differentiated.
enum Convolving {
  /// - Parameters:
  ///   - x: An image or lists of numbers, also while it is traced.
  ///   - kernel: The same; as many axes as the space of `x`, or fewer.
  /// - Throws: `LangError` where the kernel does not fit.
  static func value(_ x: Value, _ kernel: Value) throws -> Value {
    switch (x, kernel) {
    case (.traced(let image), .traced(let kernel)):
      return .traced(
        try convolved(TracedImage.known(image), with: TracedImage.known(kernel)))
    case (.traced(let image), _):
      let image = try TracedImage.known(image)
      return .traced(try convolved(image, with: image.lift(ImageArgument.image(kernel, "conv"))))
    case (_, .traced(let kernel)):
      let kernel = try TracedImage.known(kernel)
      return .traced(try convolved(kernel.lift(ImageArgument.image(x, "conv")), with: kernel))
    default:
      return .image(
        try eager(ImageArgument.image(x, "conv"), ImageArgument.image(kernel, "conv")))
    }
  }

  private static func eager(_ image: Image, _ kernel: Image) throws -> Image {
    let graph = Graph()
    let x = TracedImage(node: graph.constant(image.tensor), axes: image.axes)
    let result = try convolved(
      x, with: TracedImage(node: graph.constant(kernel.tensor), axes: kernel.axes))
    let values: [[Float]] = try graph.evaluate([result.node], inputs: [])
    var copy = try image.with(values[0])
    copy.stored = .float32
    return copy
  }

  /// Kernel axes are the last axes of the image's space. As in NumPy's `convolve(…, "same")` the
  /// kernel is turned around, and the middle of an even side is the element before the half.
  private static func convolved(
    _ image: TracedImage, with kernel: TracedImage
  ) throws -> TracedImage {
    let letters = Array(image.axes)
    let space = letters.indices.filter { "ZYXQ".contains(letters[$0]) }
    guard kernel.node.rank >= 1, kernel.node.rank <= space.count,
      kernel.shape.allSatisfy({ $0 > 0 }), image.shape.allSatisfy({ $0 > 0 })
    else {
      throw LangError(
        "a kernel of \(kernel.shape.asShape) does not fit the space of an image of "
          + "\(image.shape.asShape) \(image.axes)",
        hint: "it has as many axes as the space, or fewer, and none is empty")
    }
    let last = Array(space.suffix(kernel.node.rank))
    let order = letters.indices.filter { !last.contains($0) } + last
    let moved = try image.node.permute(order)
    let sides = last.map { image.shape[$0] }
    let batch = image.node.count / sides.product
    let weights = try kernel.node.flipped(axes: Array(kernel.shape.indices)).padded(
      before: kernel.shape.map { _ in 0 }, after: kernel.shape.map { $0 % 2 == 0 ? 1 : 0 })
    let result = try moved.reshape([batch, 1] + sides)
      .convolved(with: weights.reshape([1, 1] + weights.shape))
    var back = order
    for (to, from) in order.enumerated() { back[from] = to }
    return TracedImage(
      node: try result.reshape(moved.shape).permute(back), axes: image.axes)
  }
}

extension TracedImage {
  /// An image that is being traced, as this type.
  ///
  /// - Throws: `LangError` where it belongs to another world.
  static func known(_ image: any ImageMath) throws -> TracedImage {
    guard let traced = image as? TracedImage else {
      throw LangError("this image cannot be differentiated")
    }
    return traced
  }
}
