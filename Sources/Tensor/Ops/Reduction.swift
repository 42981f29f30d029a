/// The sum over axes, each kept with size 1. Summed in double precision in a fixed order.
struct Sum: GenericOp {
  static let name = "sum"
  let axes: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] { try Reduction.shape(inputs[0], axes) }

  func compute<T: Scalar>(_ call: Call<T>) {
    Reduction.walk(call, axes: axes) { base, length, step in
      var total = 0.0
      for i in 0..<length { total += Double(base[i * step]) }
      return total
    } join: {
      $0 + $1
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.broadcast(to: rule.x[0].shape)]
  }
}

/// The greatest over axes, each kept with size 1. The gradient is shared evenly among ties.
struct Greatest: GenericOp {
  static let name = "greatest"
  let axes: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let result = try Reduction.shape(inputs[0], axes)
    guard inputs[0].product > 0 else { throw TensorError("nothing to take the greatest of") }
    return result
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    Reduction.walk(call, axes: axes) { base, length, step in
      var best = base[0]
      for i in 0..<length {
        let x = base[i * step]
        if x > best || x.isNaN { best = x }
      }
      return Double(best)
    } join: {
      $1 > $0 || $1.isNaN ? $1 : $0
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    let hits = try rule.x[0].compare(.equal, rule.y)
    return [try hits * (rule.dy / hits.sum(axes: axes, keep: true))]
  }
}

enum Reduction {
  /// The input's shape with `axes` of size 1.
  static func shape(_ input: [Int], _ axes: [Int]) throws -> [Int] {
    var result = input
    for axis in axes {
      guard input.indices.contains(axis) else {
        throw TensorError("axis \(axis) is outside a tensor of \(input.count) axes")
      }
      result[axis] = 1
    }
    return result
  }

  /// Elements of the longest run that one call of `body` sums.
  private static let run = 1 << 14

  /// Reduces runs of the input with `body` and joins their results in a fixed order.
  ///
  /// - Parameter body: the reduction of `length` elements `step` apart.
  @inline(__always)
  static func walk<T: Scalar>(
    _ call: Call<T>, axes: [Int], body: (UnsafePointer<T>, Int, Int) -> Double,
    join: (Double, Double) -> Double
  ) {
    let layout = Layout(shape: call.x[0].shape, axes: Set(axes))
    let x = call.x[0].base
    let y = call.y.base
    guard layout.reduced.product > 0 else {
      for i in 0..<call.y.count { y[i] = 0 }
      return
    }
    let runs = layout.runs
    let pieces = max(1, min(runs.count, 4096))
    if call.y.count == 1 && runs.count * layout.length > run {
      // One number out of many: pieces of fixed extent in parallel, joined in order.
      let parts = Parallel.map(pieces) { piece -> Double in
        let range = runs.count * piece / pieces..<runs.count * (piece + 1) / pieces
        var total = body(x + runs[range.lowerBound], layout.length, layout.step)
        for r in range.dropFirst() {
          total = join(total, body(x + runs[r], layout.length, layout.step))
        }
        return total
      }
      y[0] = T(parts.dropFirst().reduce(parts[0], join))
      return
    }
    let starts = layout.starts
    Parallel.forRanges(starts.count, grain: max(1, run / layout.reduced.product)) { range in
      for o in range {
        let base = x + starts[o]
        var total = body(base + runs[0], layout.length, layout.step)
        for r in runs.dropFirst() {
          total = join(total, body(base + r, layout.length, layout.step))
        }
        y[o] = T(total)
      }
    }
  }

  /// How the elements that go into one result lie in memory: equal runs at given offsets.
  private struct Layout {
    let reduced: [Int]
    let length: Int
    let step: Int
    let runs: [Int]
    let starts: [Int]

    init(shape: [Int], axes: Set<Int>) {
      let strides = shape.strides
      // Merge neighbouring reduced axes, then cut the innermost run to a fixed length.
      var merged: [(size: Int, stride: Int)] = []
      for axis in shape.indices.reversed() where axes.contains(axis) && shape[axis] != 1 {
        if let last = merged.last, last.stride * last.size == strides[axis] {
          merged[merged.count - 1].size *= shape[axis]
        } else {
          merged.append((shape[axis], strides[axis]))
        }
      }
      var inner = merged.first ?? (1, 1)
      var outer = Array(merged.dropFirst())
      var cut = inner.size
      if cut > Reduction.run {
        cut = (1...Reduction.run).reversed().first { inner.size % $0 == 0 } ?? 1
      }
      if cut < inner.size && cut >= 64 {
        outer.insert((inner.size / cut, inner.stride * cut), at: 0)
        inner.size = cut
      }
      reduced = merged.map(\.size)
      length = inner.size
      step = inner.stride
      runs = Layout.offsets(outer.reversed())
      starts = Layout.offsets(
        shape.indices.filter { !axes.contains($0) }.map { (shape[$0], strides[$0]) })
    }

    private static func offsets(_ dimensions: [(size: Int, stride: Int)]) -> [Int] {
      dimensions.reduce([0]) { offsets, dimension in
        offsets.flatMap { base in (0..<dimension.size).map { base + $0 * dimension.stride } }
      }
    }
  }
}

/// Stretched to a larger shape by NumPy's rule.
struct Broadcast: GenericOp {
  static let name = "broadcast"
  let target: [Int]

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard try Broadcasting.shape(inputs[0], target) == target else {
      throw TensorError(
        "a tensor of shape \(inputs[0].asShape) does not stretch to \(target.asShape)")
    }
    return target
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let rows = Broadcasting.rows(output: call.y.shape, inputs: [call.x[0].shape])
    let step = rows.inner[0]
    rows.walk { offset, length, start in
      let x = call.x[0].base + start[0]
      let y = call.y.base + offset
      for i in 0..<length { y[i] = x[i * step] }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] { [rule.dy] }
}
