/// How two numbers become one. A type and not a closure, so that kernels are compiled for it.
protocol Joining {
  /// What joins with any number to that number; the result of nothing.
  static var nothing: Double { get }
  static func join(_ a: Double, _ b: Double) -> Double
}

/// How sums and the like run over memory: elements are joined two by two in double precision, in
/// an order that follows from the shapes alone.
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

  /// Elements that a task joins at least, where there are so many.
  private static let grain = 1 << 14
  /// Results of neighbouring columns that are kept at hand while rows pass by.
  private static let block = 256

  /// Joins the elements along `axes`.
  static func run<T: Scalar, J: Joining>(_ call: Call<T>, axes: [Int], _ joining: J.Type) {
    guard call.y.count > 0 else { return }
    let layout = ReductionLayout(shape: call.x[0].shape, axes: Set(axes))
    let reduced = layout.runs.count * layout.length
    let y = call.y.base
    if reduced == 0 {
      for i in 0..<call.y.count { y[i] = T(J.nothing) }
    } else if layout.width > 1 {
      columns(call, layout, joining)
    } else if layout.starts.count < 16 && reduced > grain {
      for (output, start) in layout.starts.enumerated() {
        y[output] = T(whole(call.x[0].base + start, layout, joining))
      }
    } else {
      let x = call.x[0].base
      Parallel.forRanges(layout.starts.count, grain: max(1, grain / reduced)) { range in
        for output in range {
          var total = J.nothing
          for run in layout.runs {
            let from = x + layout.starts[output] + run
            total = J.join(total, row(from, layout.length, joining))
          }
          y[output] = T(total)
        }
      }
    }
  }

  /// One result out of many elements: pieces of fixed extent in parallel, joined in order.
  private static func whole<T: Scalar, J: Joining>(
    _ x: UnsafePointer<T>, _ layout: ReductionLayout, _ joining: J.Type
  ) -> Double {
    let cuts = (layout.length + grain - 1) / grain
    let pieces = layout.runs.count * cuts
    let perTask = max(1, grain / min(grain, layout.length))
    let parts = Parallel.map((pieces + perTask - 1) / perTask) { task -> Double in
      var total = J.nothing
      for piece in task * perTask..<min(pieces, (task + 1) * perTask) {
        let (run, cut) = piece.quotientAndRemainder(dividingBy: cuts)
        let count = min(grain, layout.length - cut * grain)
        total = J.join(total, row(x + layout.runs[run] + cut * grain, count, joining))
      }
      return total
    }
    return parts.reduce(J.nothing, J.join)
  }

  /// Neighbouring elements; eight chains at a time, because each join waits for the one before.
  private static func row<T: Scalar, J: Joining>(
    _ x: UnsafePointer<T>, _ count: Int, _ joining: J.Type
  ) -> Double {
    var i = 0
    var total = J.nothing
    if count >= 16 {
      var (a, b, c, d) = (J.nothing, J.nothing, J.nothing, J.nothing)
      var (e, f, g, h) = (J.nothing, J.nothing, J.nothing, J.nothing)
      while i + 8 <= count {
        a = J.join(a, Double(x[i]))
        b = J.join(b, Double(x[i + 1]))
        c = J.join(c, Double(x[i + 2]))
        d = J.join(d, Double(x[i + 3]))
        e = J.join(e, Double(x[i + 4]))
        f = J.join(f, Double(x[i + 5]))
        g = J.join(g, Double(x[i + 6]))
        h = J.join(h, Double(x[i + 7]))
        i += 8
      }
      total = J.join(J.join(J.join(a, b), J.join(c, d)), J.join(J.join(e, f), J.join(g, h)))
    }
    while i < count {
      total = J.join(total, Double(x[i]))
      i += 1
    }
    return total
  }

  /// Results that lie side by side, as their elements do: rows are joined into a block of them.
  private static func columns<T: Scalar, J: Joining>(
    _ call: Call<T>, _ layout: ReductionLayout, _ joining: J.Type
  ) {
    let (x, y) = (call.x[0].base, call.y.base)
    let blocks = (layout.width + block - 1) / block
    let work = layout.runs.count * layout.length * min(block, layout.width)
    Parallel.forRanges(layout.starts.count * blocks, grain: max(1, grain / work)) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: block) { totals in
        for task in range {
          let (start, column) = task.quotientAndRemainder(dividingBy: blocks)
          let count = min(block, layout.width - column * block)
          for j in 0..<count { totals[j] = J.nothing }
          for run in layout.runs {
            var from = x + layout.starts[start] + column * block + run
            for _ in 0..<layout.length {
              for j in 0..<count { totals[j] = J.join(totals[j], Double(from[j])) }
              from += layout.step
            }
          }
          let to = y + start * layout.width + column * block
          for j in 0..<count { to[j] = T(totals[j]) }
        }
      }
    }
  }
}

/// How the elements that go into one result lie in memory: `length` of them, `step` apart, in each
/// of equal `runs`, and that from each of `starts`, for `width` results side by side.
private struct ReductionLayout {
  private(set) var width = 1
  private(set) var length = 1
  private(set) var step = 1
  let runs: [Int]
  let starts: [Int]

  init(shape: [Int], axes: Set<Int>) {
    // Neighbouring axes of the same kind are one; innermost first.
    var groups: [(size: Int, stride: Int, reduced: Bool)] = []
    let strides = shape.strides
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if let last = groups.last, last.reduced == axes.contains(axis) {
        groups[groups.count - 1].size *= shape[axis]
      } else {
        groups.append((shape[axis], strides[axis], axes.contains(axis)))
      }
    }
    if let inner = groups.first, !inner.reduced {
      width = inner.size
      groups.removeFirst()
    }
    if let inner = groups.first {
      length = inner.size
      step = inner.stride
      groups.removeFirst()
    }
    runs = ReductionLayout.offsets(groups.filter(\.reduced))
    starts = ReductionLayout.offsets(groups.filter { !$0.reduced })
  }

  /// Offsets of all places of a grid, in row-major order; dimensions are given innermost first.
  private static func offsets(_ dimensions: [(size: Int, stride: Int, reduced: Bool)]) -> [Int] {
    dimensions.reversed().reduce([0]) { offsets, dimension in
      offsets.flatMap { base in (0..<dimension.size).map { base + $0 * dimension.stride } }
    }
  }
}
