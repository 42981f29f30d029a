import TensorEngine

/// An orthogonal wavelet, by its filters.
struct Wavelet: Sendable {
  /// The scaling (low-pass) filter of the analysis, in the order of PyWavelets' `dec_lo`.
  let low: [Double]

  /// The wavelet (high-pass) filter of the analysis: the low one backwards with alternating signs.
  var high: [Double] {
    low.indices.map { ($0 % 2 == 0 ? -1 : 1) * low[low.count - 1 - $0] }
  }

  static let haar = Wavelet(low: [0.7071067811865476, 0.7071067811865476])
  static let daubechies2 = Wavelet(low: [
    -0.12940952255126037, 0.2241438680420134, 0.8365163037378079, 0.48296291314453416,
  ])

  /// The details of one level along one axis: half as many elements, and a few more where the
  /// filter reaches over the border, which is mirrored.
  func details(of values: [Float], shape: [Int], axis: Int) -> [Float] {
    analyzed(values, shape: shape, axis: axis, filter: high)
  }

  private func analyzed(
    _ values: [Float], shape: [Int], axis: Int, filter: [Double]
  ) -> [Float] {
    let count = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let new = (count + filter.count - 1) / 2
    var result: [Float] = []
    result.reserveCapacity(values.count / max(1, count) * new)
    for outer in 0..<values.count / max(1, count * inner) {
      for place in 0..<new {
        let sources = filter.indices.map {
          Border.symmetric.index(2 * place + 1 - $0, count: count) ?? 0
        }
        for offset in 0..<inner {
          var sum = 0.0
          for (weight, source) in zip(filter, sources) {
            sum += weight * Double(values[(outer * count + source) * inner + offset])
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }
}
