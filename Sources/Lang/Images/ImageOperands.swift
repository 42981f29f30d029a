import TensorEngine

/// Brings the two sides of an operator into the same world: eager or traced.
enum ImageOperands {
  /// `a op b` where at least one is an image; nil where the other side cannot be one.
  static func binary(_ function: BinaryFunction, _ a: Value, _ b: Value) throws -> Value? {
    if case .traced(let left) = a { return try withRight(left, function, b) }
    if case .traced(let right) = b { return try withLeft(a, function, right) }
    guard let left = try constant(a), let right = try constant(b) else { return nil }
    return value(try left.binary(function, right))
  }

  static func unary(_ function: UnaryFunction, _ value: Value) throws -> Value? {
    switch value {
    case .image(let image): return self.value(try image.unary(function))
    case .traced(let node): return .traced(try node.unary(function))
    default: return nil
    }
  }

  /// `where(condition, yes, no)`; nil where none of them is an image.
  static func select(_ condition: Value, _ yes: Value, _ no: Value) throws -> Value? {
    let values = [condition, yes, no]
    for value in values {
      if case .traced(let node) = value { return try select(in: node, values) }
    }
    guard values.contains(where: \.isImageLike) else { return nil }
    let images = try values.map { try image($0) }
    return value(try images[0].select(images[1], images[2]))
  }

  /// One image as a value: without axes it is a number.
  static func value(_ image: Image) -> Value {
    image.tensor.rank == 0 ? .number(Double(image.tensor.values[0])) : .image(image)
  }

  /// A number, a list of numbers or an image as an image.
  static func image(_ value: Value, like model: Image? = nil) throws -> Image {
    guard let image = try constant(value) else {
      throw LangError("\(Show.brief(value)) is no image and no number")
    }
    return image
  }

  private static func constant(_ value: Value) throws -> Image? {
    switch value {
    case .image(let image): return image
    case .number(let number): return try Image(scalar: number)
    case .bool(let flag): return try Image(scalar: flag ? 1 : 0)
    case .list, .range: return try NestedNumbers.image(value)
    default: return nil
    }
  }

  private static func withRight<M: ImageMath>(
    _ left: M, _ function: BinaryFunction, _ b: Value
  ) throws -> Value? {
    guard let right = try lifted(b, into: left) else { return nil }
    return .traced(try left.binary(function, right))
  }

  private static func withLeft<M: ImageMath>(
    _ a: Value, _ function: BinaryFunction, _ right: M
  ) throws -> Value? {
    guard let left = try lifted(a, into: right) else { return nil }
    return .traced(try left.binary(function, right))
  }

  private static func select<M: ImageMath>(in world: M, _ values: [Value]) throws -> Value {
    let nodes = try values.map { value -> M in
      guard let node = try lifted(value, into: world) else {
        throw LangError("\(Show.brief(value)) is no image and no number")
      }
      return node
    }
    return .traced(try nodes[0].select(nodes[1], nodes[2]))
  }

  private static func lifted<M: ImageMath>(_ value: Value, into world: M) throws -> M? {
    if case .traced(let node) = value {
      guard let node = node as? M else {
        throw LangError("images of two different tracings cannot be mixed")
      }
      return node
    }
    return try constant(value).map(world.lift)
  }
}

extension Value {
  /// Whether it is an image, with numbers or traced.
  var isImageLike: Bool {
    switch self {
    case .image, .traced: true
    default: false
    }
  }
}
