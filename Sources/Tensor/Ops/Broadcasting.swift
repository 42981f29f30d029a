/// NumPy's broadcasting: shapes are aligned at the last axis; a size of 1 (or a missing axis)
/// stretches to any other.
public enum Broadcasting {
  /// The common shape of two.
  ///
  /// - Throws: `TensorError` naming both shapes where they do not fit.
  public static func shape(_ a: [Int], _ b: [Int]) throws -> [Int] {
    let rank = max(a.count, b.count)
    return try (0..<rank).map { axis in
      let left = axis - (rank - a.count)
      let right = axis - (rank - b.count)
      let m = left < 0 ? 1 : a[left]
      let n = right < 0 ? 1 : b[right]
      guard m == n || m == 1 || n == 1 else {
        throw TensorError(
          "shapes \(a.asShape) and \(b.asShape) do not fit together",
          hint: "sizes along an axis must be equal, or one of them 1")
      }
      return m == 1 ? n : m
    }
  }

  /// How to walk an output in contiguous rows while inputs are stretched to it.
  static func rows(output: [Int], inputs: [[Int]]) -> BroadcastRows {
    BroadcastRows(output: output, inputs: inputs)
  }
}

/// An output's elements as rows along which each input has a fixed step of 0 or 1; neighbouring
/// axes over which all inputs stay contiguous are merged.
struct BroadcastRows {
  /// Step of each input along a row: 1 or 0.
  let inner: [Int]
  private let length: Int
  private let outer: [Int]
  private let steps: [[Int]]  // for each input, its stride along each outer axis
  private let total: Int

  init(output: [Int], inputs: [[Int]]) {
    var sizes: [Int] = []  // merged, innermost first
    var strides: [[Int]] = []
    let aligned = inputs.map { BroadcastRows.stridesAligned($0, to: output) }
    for axis in output.indices.reversed() where output[axis] != 1 {
      let here = aligned.map { $0[axis] }
      if let size = sizes.last, let last = strides.last,
        zip(here, last).allSatisfy({ $0 == $1 * size })
      {
        sizes[sizes.count - 1] = size * output[axis]
      } else {
        sizes.append(output[axis])
        strides.append(here)
      }
    }
    if sizes.isEmpty {
      sizes = [1]
      strides = [inputs.map { _ in 0 }]
    }
    length = sizes[0]
    inner = strides[0]
    outer = Array(sizes.dropFirst().reversed())
    steps = inputs.indices.map { input in
      strides.dropFirst().reversed().map { $0[input] }
    }
    total = output.product
  }

  private static func stridesAligned(_ shape: [Int], to output: [Int]) -> [Int] {
    let own = shape.strides
    let missing = output.count - shape.count
    return output.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }

  /// Calls `body` with each piece of a row: its offset in the output, its length, and where each
  /// input's elements for it start. In parallel; pieces are disjoint.
  func walk(_ body: (_ offset: Int, _ length: Int, _ starts: [Int]) -> Void) {
    guard total > 0 else { return }
    if outer.isEmpty {
      Parallel.forRanges(length, grain: Grain.elementwise) { range in
        body(range.lowerBound, range.count, inner.map { $0 * range.lowerBound })
      }
      return
    }
    let count = outer.product
    Parallel.forRanges(count, grain: max(1, Grain.elementwise / max(1, length))) { range in
      var starts = steps.map { _ in 0 }
      for row in range {
        var rest = row
        for i in starts.indices { starts[i] = 0 }
        for axis in outer.indices.reversed() {
          let (quotient, index) = rest.quotientAndRemainder(dividingBy: outer[axis])
          rest = quotient
          for i in starts.indices { starts[i] += index * steps[i][axis] }
        }
        body(row * length, length, starts)
      }
    }
  }
}
