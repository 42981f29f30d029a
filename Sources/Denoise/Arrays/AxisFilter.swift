import TensorEngine

/// What lies beyond an array's border.
public enum Border: Sendable {
  /// `c b a | a b c | c b a`: the edge is repeated.
  case symmetric
  /// `d c b | a b c d | c b a`: the edge is the mirror and is not repeated.
  case reflect
  /// `a b c | a b c | a b c`.
  case wrap
  /// Zeros.
  case zero

  /// The index inside `0..<count` that stands for `index`; nil stands for a zero.
  public func index(_ index: Int, count: Int) -> Int? {
    if index >= 0 && index < count { return index }
    guard count > 0 else { return nil }
    switch self {
    case .zero: return nil
    case .wrap: return Border.modulo(index, count)
    case .symmetric:
      let folded = Border.modulo(index, 2 * count)
      return folded < count ? folded : 2 * count - 1 - folded
    case .reflect:
      if count == 1 { return 0 }
      let folded = Border.modulo(index, 2 * count - 2)
      return folded < count ? folded : 2 * count - 2 - folded
    }
  }

  private static func modulo(_ value: Int, _ modulus: Int) -> Int {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
  }
}

/// A filter along one axis of an array: each element becomes the weighted sum of itself and its
/// neighbours. Filters along several axes in turn make separable n-d filters.
struct AxisFilter {
  /// Weights of neighbours `-radius ... radius`.
  let taps: [Float]
  let border: Border

  var radius: Int { taps.count / 2 }

  init(taps: [Float], border: Border) {
    self.taps = taps
    self.border = border
  }

  /// A Gaussian that is cut at four standard deviations and sums to one.
  static func gaussian(sigma: Double, border: Border, truncate: Double = 4) -> AxisFilter {
    let radius = Int((truncate * sigma + 0.5).rounded(.down))
    let weights = (-radius...radius).map { offset in
      sigma > 0 ? Elementary.exp(-0.5 * Double(offset * offset) / (sigma * sigma)) : 1
    }
    let total = weights.reduce(0, +)
    return AxisFilter(taps: weights.map { Float($0 / total) }, border: border)
  }

  /// - Returns: An array of the same shape.
  func applied(to values: [Float], shape: [Int], axis: Int) -> [Float] {
    let count = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    guard !values.isEmpty else { return values }
    if inner == 1 { return alongRows(values, count: count) }
    let rows = values.count / inner
    return ParallelArray.make(count: rows, each: inner) { range in
      var result = [Float](repeating: 0, count: range.count * inner)
      for (local, row) in range.enumerated() {
        let first = row - row % count
        for (tap, weight) in taps.enumerated() {
          guard let source = border.index(row % count + tap - radius, count: count) else {
            continue
          }
          let from = (first + source) * inner
          let to = local * inner
          for offset in 0..<inner { result[to + offset] += weight * values[from + offset] }
        }
      }
      return result
    }
  }

  /// Filters the last axis: each line is laid out with its borders once.
  private func alongRows(_ values: [Float], count: Int) -> [Float] {
    ParallelArray.make(count: values.count / count, each: count) { range in
      var result: [Float] = []
      result.reserveCapacity(range.count * count)
      var line = [Float](repeating: 0, count: count + 2 * radius)
      for row in range {
        let base = row * count
        for index in -radius..<0 {
          line[index + radius] = border.index(index, count: count).map { values[base + $0] } ?? 0
        }
        for index in 0..<count { line[index + radius] = values[base + index] }
        for index in count..<count + radius {
          line[index + radius] = border.index(index, count: count).map { values[base + $0] } ?? 0
        }
        for index in 0..<count {
          var sum: Float = 0
          for tap in taps.indices { sum += taps[tap] * line[index + tap] }
          result.append(sum)
        }
      }
      return result
    }
  }

  /// The filter along each of the axes in turn.
  func applied(to values: [Float], shape: [Int], axes: some Sequence<Int>) -> [Float] {
    axes.reduce(values) { applied(to: $0, shape: shape, axis: $1) }
  }
}
