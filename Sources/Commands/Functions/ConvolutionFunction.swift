import Lang
import TensorEngine

/// `conv(x, kernel)`: n-d convolution, differentiable.
enum ConvolutionFunction {
  static var builtin: Builtin {
    Builtin(
      "conv", "x kernel", group: "Images",
      "convolution of an image's space with a kernel, zeros around it; the shape stays",
      examples: [
        Example("conv([1, 2, 3, 4], [1, 1])"),
        Example("edges = conv(noisy, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])"),
      ]
    ) { call in
      switch (call[0], call[1]) {
      case (.traced(let image), _): return try traced(image, call)
      case (_, .traced(let kernel)):
        let world = try TracedImage.known(kernel)
        return .traced(try convolved(world.lift(ImageArgument.image(call, 0)), with: world))
      default: return .image(try eager(ImageArgument.image(call, 0), ImageArgument.image(call, 1)))
      }
    }
  }

  private static func traced(_ image: any ImageMath, _ call: BuiltinCall) throws -> Value {
    let image = try TracedImage.known(image)
    if case .traced(let kernel) = call[1] {
      return .traced(try convolved(image, with: TracedImage.known(kernel)))
    }
    return .traced(try convolved(image, with: image.lift(ImageArgument.image(call, 1))))
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
    var weights = try kernel.node.flipped(axes: Array(kernel.shape.indices))
    weights = try weights.padded(
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
