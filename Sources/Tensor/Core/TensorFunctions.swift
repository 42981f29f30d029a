extension Tensor {
  /// Axes in another order.
  ///
  /// - Throws: `TensorError` where `order` does not name each axis once.
  public func permuted(_ order: [Int]) throws -> Tensor {
    order == Array(shape.indices) ? self : try Permute(order: order)([self])
  }

  /// The elements of a range along one axis.
  ///
  /// - Throws: `TensorError` where the range reaches outside.
  public func sliced(axis: Int, _ range: Range<Int>) throws -> Tensor {
    guard shape.indices.contains(axis), range.lowerBound >= 0, range.upperBound <= shape[axis]
    else { throw TensorError("\(range) along axis \(axis) is outside \(shape.asShape)") }
    var starts = shape.map { _ in 0 }
    var target = shape
    starts[axis] = range.lowerBound
    target[axis] = range.count
    return try Slice(starts: starts, steps: shape.map { _ in 1 }, target: target)([self])
  }

  /// Tensors one after another along an axis.
  ///
  /// - Throws: `TensorError` where other sizes differ.
  public static func concatenate(_ parts: [Tensor], axis: Int) throws -> Tensor {
    try Concatenate(axis: axis)(parts)
  }

  /// Tensors of one shape along a new first axis.
  ///
  /// - Throws: `TensorError` where shapes differ or there is none.
  public static func stacked(_ parts: [Tensor]) throws -> Tensor {
    guard let first = parts.first else { throw TensorError("nothing to stack") }
    guard let other = parts.first(where: { $0.shape != first.shape }) else {
      return Tensor(trusted: parts.flatMap(\.values), shape: [parts.count] + first.shape)
    }
    throw TensorError(
      "tensors of \(first.shape.asShape) and \(other.shape.asShape) do not stack")
  }

  /// The tensor at a place along the first axis.
  public func part(_ index: Int) throws -> Tensor {
    try sliced(axis: 0, index..<index + 1).reshaped(Array(shape.dropFirst()))
  }

  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try Add()([a, b]) }
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try Subtract()([a, b]) }
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try Multiply()([a, b]) }
  public static func * (a: Tensor, b: Float) throws -> Tensor {
    try Multiply()([a, Tensor(scalar: b)])
  }
}
