/// Geometry of windows over [N, C, space…]: as many as fit whole.
struct Windows: Hashable, Sendable {
  let size: [Int]
  let stride: [Int]

  func output(of shape: [Int]) throws -> [Int] {
    guard shape.count == size.count + 2 else {
      throw TensorError("a window over \(size.count) axes on data of shape \(shape.asShape)")
    }
    guard (size + stride).allSatisfy({ $0 > 0 }) else {
      throw TensorError("a window of \(size) every \(stride): both are whole numbers from 1")
    }
    let space = try size.indices.map { axis in
      guard shape[axis + 2] >= size[axis] else {
        throw TensorError("a window of \(size.asShape) does not fit into \(shape.asShape)")
      }
      return (shape[axis + 2] - size[axis]) / stride[axis] + 1
    }
    return Array(shape.prefix(2)) + space
  }

  /// Calls `body` for each window of a plane, with the offsets of its elements in the plane.
  func forEach(
    input: [Int], output: [Int], _ body: (_ window: Int, _ base: Int) -> Void
  ) {
    let strides = input.strides
    for window in 0..<output.product {
      var rest = window
      var base = 0
      for axis in output.indices.reversed() {
        let (quotient, index) = rest.quotientAndRemainder(dividingBy: output[axis])
        rest = quotient
        base += index * stride[axis] * strides[axis]
      }
      body(window, base)
    }
  }

  /// Offsets of a window's elements from its first, in reading order.
  func offsets(input: [Int]) -> [Int] {
    let strides = input.strides
    return size.indices.reduce([0]) { list, axis in
      list.flatMap { base in (0..<size[axis]).map { base + $0 * strides[axis] } }
    }
  }
}

/// The greatest of each window; ties count for the first.
struct MaxPool: GenericOp {
  static let name = "max pool"
  let windows: Windows
  /// Whether the kernel leaves behind the result which pixels won, for the gradient.
  var keepsWinners = false

  func shape(_ inputs: [[Int]]) throws -> [Int] { try windows.output(of: inputs[0]) }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (input, output) = (Array(call.x[0].shape.dropFirst(2)), Array(call.y.shape.dropFirst(2)))
    let offsets = windows.offsets(input: input)
    Parallel.forEach(call.y.shape[0] * call.y.shape[1]) { plane in
      let x = call.x[0].base + plane * input.product
      let y = call.y.base + plane * output.product
      windows.forEach(input: input, output: output) { window, base in
        var best = x[base]
        for offset in offsets where x[base + offset] > best { best = x[base + offset] }
        y[window] = best
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.y.graph.apply(MaxPoolGradient(windows: windows), [rule.x[0], rule.dy])]
  }
}

/// dy sent to where each window's greatest was, given x and dy.
struct MaxPoolGradient: GenericOp {
  static let name = "max pool gradient"
  let windows: Windows

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (input, output) = (
      Array(call.x[0].shape.dropFirst(2)), Array(call.x[1].shape.dropFirst(2))
    )
    let offsets = windows.offsets(input: input)
    Parallel.forEach(call.y.shape[0] * call.y.shape[1]) { plane in
      let x = call.x[0].base + plane * input.product
      let dy = call.x[1].base + plane * output.product
      let dx = call.y.base + plane * input.product
      for i in 0..<input.product { dx[i] = 0 }
      windows.forEach(input: input, output: output) { window, base in
        var best = base
        for offset in offsets where x[base + offset] > x[best] { best = base + offset }
        dx[best] += dy[window]
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("max pooling has no second derivative")
  }
}

/// Each element repeated `factors[i]` times along space axis i (nearest-neighbour upsampling).
struct UpsampleNearest: GenericOp {
  static let name = "upsample nearest"
  let factors: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].count == factors.count + 2, !factors.isEmpty,
      factors.allSatisfy((1...1 << 20).contains)
    else {
      throw TensorError("upsampling by \(factors) of data of shape \(inputs[0].asShape)")
    }
    return Array(inputs[0].prefix(2)) + zip(inputs[0].dropFirst(2), factors).map { $0 * $1 }
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (input, output) = (Array(call.x[0].shape.dropFirst(2)), Array(call.y.shape.dropFirst(2)))
    let width = output[output.count - 1]
    let factor = factors[factors.count - 1]
    Parallel.forEach(call.y.shape[0] * call.y.shape[1]) { plane in
      let x = call.x[0].base + plane * input.product
      let y = call.y.base + plane * output.product
      for line in 0..<output.dropLast().product {
        let from = x + sourceLine(line, input, output)
        let to = y + line * width
        for i in 0..<width / factor {
          for copy in 0..<factor { to[i * factor + copy] = from[i] }
        }
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.graph.apply(SumPool(factors: factors), [rule.dy])]
  }

  /// Where the small grid's line begins that feeds a line of the large one.
  func sourceLine(_ line: Int, _ small: [Int], _ large: [Int]) -> Int {
    var rest = line
    var start = 0
    var step = small[small.count - 1]
    for axis in (0..<small.count - 1).reversed() {
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: large[axis])
      rest = quotient
      start += index / factors[axis] * step
      step *= small[axis]
    }
    return start
  }
}

/// The sum of each box of `factors`; what is left over at the end is dropped.
struct SumPool: GenericOp {
  static let name = "sum pool"
  let factors: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    try Windows(size: factors, stride: factors).output(of: inputs[0])
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (input, output) = (Array(call.x[0].shape.dropFirst(2)), Array(call.y.shape.dropFirst(2)))
    let windows = Windows(size: factors, stride: factors)
    let offsets = windows.offsets(input: input)
    Parallel.forEach(call.y.shape[0] * call.y.shape[1]) { plane in
      let x = call.x[0].base + plane * input.product
      let y = call.y.base + plane * output.product
      windows.forEach(input: input, output: output) { window, base in
        var total: T = 0
        for offset in offsets { total += x[base + offset] }
        y[window] = total
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let wide = try rule.dy.graph.apply(UpsampleNearest(factors: factors), [rule.dy])
    let after = zip(rule.x[0].shape, wide.shape).map { $0 - $1 }
    return [try wide.padded(before: after.map { _ in 0 }, after: after)]
  }
}

extension Node {
  /// The greatest of each window of `size` along every space axis, `stride` apart (or `size`).
  public func maxPooled(_ size: Int, stride: Int? = nil) throws -> Node {
    let axes = Swift.max(0, rank - 2)
    let windows = Windows(
      size: Array(repeating: size, count: axes),
      stride: Array(repeating: stride ?? size, count: axes))
    return try graph.apply(MaxPool(windows: windows), [self])
  }

  /// The mean of each box of `size` along every space axis.
  public func averagePooled(_ size: Int) throws -> Node {
    let factors = Array(repeating: size, count: Swift.max(0, rank - 2))
    return try graph.apply(SumPool(factors: factors), [self]) / Double(factors.product)
  }

  /// Each element repeated `factor` times along every space axis.
  public func upsampledNearest(_ factor: Int) throws -> Node {
    try graph.apply(
      UpsampleNearest(factors: Array(repeating: factor, count: Swift.max(0, rank - 2))), [self])
  }
}
