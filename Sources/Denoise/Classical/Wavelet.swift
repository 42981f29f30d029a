import TensorEngine

/// An orthogonal wavelet, by its filters.
struct Wavelet: Sendable {
  /// The scaling (low-pass) filter of the analysis, in the order of PyWavelets' `dec_lo`.
  let low: [Float]

  /// The wavelet (high-pass) filter of the analysis: the low one backwards with alternating signs.
  var high: [Float] {
    low.indices.map { ($0 % 2 == 0 ? -1 : 1) * low[low.count - 1 - $0] }
  }

  static let daubechies2 = Wavelet(low: [
    -0.12940952255126037, 0.2241438680420134, 0.8365163037378079, 0.48296291314453416,
  ])

  /// The details of one level along one axis, borders mirrored: half as many elements, and a few
  /// more where the filter reaches over the border.
  func details(of values: [Float], shape: [Int], axis: Int) -> [Float] {
    let new = (shape[axis] + low.count - 1) / 2
    return analyzed(values, shape: shape, axis: axis, filter: high, count: new, border: .symmetric)
  }

  /// One level along one axis of even length, wrapped around: averages in the first half of the
  /// axis, details in the second.
  func split(_ values: [Float], shape: [Int], axis: Int) -> [Float] {
    let half = shape[axis] / 2
    let inner = shape[(axis + 1)...].reduce(1, *)
    let parts = [low, high].map {
      analyzed(values, shape: shape, axis: axis, filter: $0, count: half, border: .wrap)
    }
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for outer in 0..<values.count / (2 * half * inner) {
      for part in parts {
        result.append(contentsOf: part[outer * half * inner..<(outer + 1) * half * inner])
      }
    }
    return result
  }

  /// The inverse of `split`.
  func joined(_ values: [Float], shape: [Int], axis: Int) -> [Float] {
    let count = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    var result = [Float](repeating: 0, count: values.count)
    for outer in 0..<values.count / (count * inner) {
      for (part, filter) in [low, high].enumerated() {
        for place in 0..<count / 2 {
          let from = (outer * count + part * count / 2 + place) * inner
          for (tap, weight) in filter.enumerated() {
            let target = ((2 * place + 1 - tap) % count + count) % count
            let to = (outer * count + target) * inner
            for offset in 0..<inner { result[to + offset] += weight * values[from + offset] }
          }
        }
      }
    }
    return result
  }

  private func analyzed(
    _ values: [Float], shape: [Int], axis: Int, filter: [Float], count: Int, border: Border
  ) -> [Float] {
    let old = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outers = values.count / max(1, old * inner)
    var result = [Float](repeating: 0, count: outers * count * inner)
    for outer in 0..<outers {
      for place in 0..<count {
        let to = (outer * count + place) * inner
        for (tap, weight) in filter.enumerated() {
          let source = border.index(2 * place + 1 - tap, count: old) ?? 0
          let from = (outer * old + source) * inner
          for offset in 0..<inner { result[to + offset] += weight * values[from + offset] }
        }
      }
    }
    return result
  }
}
