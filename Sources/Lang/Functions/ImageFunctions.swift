import TensorEngine

/// Making images.
extension Builtins {
  static var images: [Builtin] { [filled("zeros", 0), filled("ones", 1), full, like] }

  private static let axesOption = BuiltinOption("axes")

  private static func filled(_ name: String, _ number: Float) -> Builtin {
    Builtin(
      name, "size …", arity: 1...6, options: [axesOption], group: "Images",
      "an image of \(name), by its sizes or a list of them; axes= names the axes",
      examples: [Example("\(name)(2, 3)")]
    ) { call in
      let shape = try ImageShape.of(call.arguments, call)
      return .image(
        try Image(Tensor(repeating: number, shape: shape), axes: ImageShape.axes(call)))
    }
  }

  private static var full: Builtin {
    Builtin(
      "full", "sizes x", options: [axesOption], group: "Images",
      "an image of the sizes, filled with a number, or with the numbers of a list",
      examples: [Example("full([2, 2], 7)"), Example("full([2, 2], [[1, 2], [3, 4]])")]
    ) { call in
      let shape = try ImageShape.of([call[0]], call)
      let source = try ImageOperands.image(call[1])
      let tensor: Tensor
      if source.tensor.count == 1, let number = source.tensor.values.first {
        tensor = Tensor(repeating: number, shape: shape)
      } else if source.tensor.count == shape.product {
        tensor = try source.tensor.reshaped(shape)
      } else {
        tensor = try source.tensor + Tensor(repeating: 0, shape: shape)
      }
      return .image(try Image(tensor, axes: ImageShape.axes(call)))
    }
  }

  private static var like: Builtin {
    Builtin(
      "like", "image x", arity: 1...2, group: "Images",
      "an image with the axes, voxel size and header of another, filled with x (or 0)",
      examples: [Example("like(zeros(2, 2), 5)")]
    ) { call in
      guard var copy = call[0].asImage else { throw call.mismatch(0, "an image") }
      let source = try ImageOperands.image(call.count == 2 ? call[1] : .number(0))
      let zero = Tensor(repeating: 0, shape: copy.shape)
      let tensor = try zero + source.tensor
      guard tensor.shape == copy.shape else {
        throw LangError(
          "elements of \(source.shape.asShape) do not fit an image of \(copy.shape.asShape)")
      }
      copy.tensor = tensor
      copy.stored = .float32
      return .image(copy)
    }
  }
}

/// Sizes of images that the user asks for.
enum ImageShape {
  /// Most elements of an image that is made out of nothing: 16 GB.
  private static let mostElements = 1 << 32

  /// - Throws: `LangError` for sizes that are no whole numbers, negative, or far too large.
  static func of(_ arguments: [Value], _ call: BuiltinCall) throws -> [Int] {
    let sizes = arguments.count == 1 ? arguments[0].asList ?? arguments : arguments
    let shape = try sizes.map { size -> Int in
      guard let number = size.asInt, number >= 0 else {
        throw LangError("`\(call.name)` takes sizes, not \(Show.brief(size))")
      }
      return number
    }
    guard let count = shape.checkedProduct, count <= mostElements else {
      throw LangError("an image of \(shape.asShape) is too large")
    }
    return shape
  }

  static func axes(_ call: BuiltinCall) throws -> String? {
    guard let axes = call.named["axes"] else { return nil }
    guard let text = axes.asString else { throw LangError("`axes` takes a string such as \"ZYX\"") }
    return text.uppercased()
  }
}
