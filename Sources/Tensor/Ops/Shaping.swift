/// The same elements under another shape.
struct Reshape: GenericOp {
  static let name = "reshape"
  let target: [Int]
  var overwritten: Int? { 0 }

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].product == target.checkedProduct, target.allSatisfy({ $0 >= 0 }) else {
      throw TensorError("cannot reshape \(inputs[0].asShape) to \(target.asShape)")
    }
    return target
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    guard UnsafePointer(call.y.base) != call.x[0].base else { return }
    call.y.base.update(from: call.x[0].base, count: call.y.count)
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy.reshape(rule.x[0].shape)] }
}

/// Axes in another order.
struct Permute: GenericOp {
  static let name = "transpose"
  let order: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard order.sorted() == Array(inputs[0].indices) else {
      throw TensorError("\(order) is not an order of the axes of \(inputs[0].asShape)")
    }
    return order.map { inputs[0][$0] }
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let strides = call.x[0].shape.strides
    Strided.copy(
      shape: call.y.shape, from: call.x[0].base, strides: order.map { strides[$0] },
      to: call.y.base, strides: call.y.shape.strides)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return [try rule.dy.permute(inverse)]
  }
}

/// Every `steps`-th element from `starts`, `target` of them along each axis; steps may be
/// negative.
struct Slice: GenericOp {
  static let name = "slice"
  let starts: [Int]
  let steps: [Int]
  let target: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Strided.check(region: self, of: inputs[0])
    return target
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let strides = call.x[0].shape.strides
    let offset = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    Strided.copy(
      shape: target, from: call.x[0].base + offset, strides: zip(strides, steps).map { $0 * $1 },
      to: call.y.base, strides: target.strides)
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.graph.apply(Scatter(region: self, target: rule.x[0].shape), [rule.dy])]
  }
}

/// A tensor laid into zeros of a larger shape, at the places that `region` reads.
struct Scatter: GenericOp {
  static let name = "scatter"
  let region: Slice
  let target: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Strided.check(region: region, of: target)
    guard inputs[0] == region.target else {
      throw TensorError("\(inputs[0].asShape) does not fit a region of \(region.target.asShape)")
    }
    return target
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let y = call.y.base
    Parallel.forRanges(call.y.count, grain: Grain.elementwise) { range in
      for i in range { y[i] = 0 }
    }
    let strides = target.strides
    let offset = zip(region.starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    Strided.copy(
      shape: region.target, from: call.x[0].base, strides: region.target.strides,
      to: y + offset, strides: zip(strides, region.steps).map { $0 * $1 })
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [try rule.dy.graph.apply(region, [rule.dy])] }
}

/// Tensors one after another along an axis.
struct Concatenate: GenericOp {
  static let name = "concat"
  let axis: Int

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard var result = inputs.first, result.indices.contains(axis) else {
      throw TensorError("concat has no axis \(axis)")
    }
    for other in inputs.dropFirst() {
      guard other.count == result.count,
        other.indices.allSatisfy({ $0 == axis || other[$0] == result[$0] })
      else {
        throw TensorError(
          "shapes \(inputs[0].asShape) and \(other.asShape) do not join along axis \(axis)")
      }
      result[axis] += other[axis]
    }
    return result
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let inner = call.y.shape[(axis + 1)...].reduce(1, *)
    let rows = call.y.shape[..<axis].reduce(1, *)
    let width = call.y.shape[axis] * inner
    Parallel.forRanges(rows, grain: max(1, Grain.elementwise / max(1, width))) { range in
      for row in range {
        var y = call.y.base + row * width
        for x in call.x {
          let count = x.shape[axis] * inner
          y.update(from: x.base + row * count, count: count)
          y += count
        }
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    var start = 0
    return try rule.x.map { x in
      defer { start += x.shape[axis] }
      return try rule.dy.slice(axis: axis, start..<start + x.shape[axis])
    }
  }
}

enum Strided {
  /// - Throws: `TensorError` where a region reaches outside `shape`.
  static func check(region: Slice, of shape: [Int]) throws {
    guard region.starts.count == shape.count, region.steps.count == shape.count,
      region.target.count == shape.count, region.target.isHoldable
    else { throw TensorError("a region of \(region.target.count) axes in \(shape.asShape)") }
    for axis in shape.indices where region.target[axis] > 0 {
      let (start, step, count) = (region.starts[axis], region.steps[axis], region.target[axis])
      guard step != 0 || count == 1 else {
        throw TensorError("a region steps by 0 along axis \(axis)")
      }
      let (reach, overflow) = step.multipliedReportingOverflow(by: count - 1)
      let size = 0..<shape[axis]
      guard size.contains(start), !overflow, size.contains(start &+ reach) else {
        throw TensorError(
          "\(count) elements from \(start) by \(step) along axis \(axis) are outside "
            + shape.asShape)
      }
    }
  }

  /// Copies an n-d block between memory of any strides, in parallel over its outer axes.
  static func copy<T>(
    shape: [Int], from x: UnsafePointer<T>, strides xs: [Int], to y: UnsafeMutablePointer<T>,
    strides ys: [Int]
  ) {
    guard shape.product > 0 else { return }
    guard let length = shape.last, let dx = xs.last, let dy = ys.last else {
      y[0] = x[0]
      return
    }
    let outer = Array(shape.dropLast())
    Parallel.forRanges(outer.product, grain: max(1, Grain.elementwise / length)) { range in
      for row in range {
        var rest = row
        var from = 0
        var to = 0
        for axis in outer.indices.reversed() {
          let (quotient, index) = rest.quotientAndRemainder(dividingBy: outer[axis])
          rest = quotient
          from += index * xs[axis]
          to += index * ys[axis]
        }
        if dx == 1 && dy == 1 {
          (y + to).update(from: x + from, count: length)
        } else {
          for i in 0..<length { y[to + i * dy] = x[from + i * dx] }
        }
      }
    }
  }
}
