extension Sequence<Float> {
  /// The sum in double precision.
  func total() -> Double { reduce(0.0) { $0 + Double($1) } }
}

extension Collection<Float> {
  /// The mean; 0 for nothing.
  var average: Double { isEmpty ? 0 : total() / Double(count) }

  /// Mean and population standard deviation; zeros for nothing.
  var meanAndDeviation: (mean: Double, deviation: Double) {
    guard !isEmpty else { return (0, 0) }
    let mean = average
    let squares = reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / Double(count)).squareRoot())
  }
}

extension [Float] {
  /// The value at a share (0...1) of the sorted elements, linearly between neighbours, as NumPy's
  /// `quantile`; nil for nothing. The elements must be sorted and finite.
  func sortedQuantile(_ share: Double) -> Double? {
    guard let last = indices.last else { return nil }
    let place = Swift.min(1, Swift.max(0, share)) * Double(last)
    let low = Int(place)
    let high = Swift.min(last, low + 1)
    let weight = place - Double(low)
    return Double(self[low]) * (1 - weight) + Double(self[high]) * weight
  }

  /// The same elements, with the mean of the finite ones in the place of the others.
  var withoutGaps: [Float] {
    if allSatisfy(\.isFinite) { return self }
    let mean = Float(filter(\.isFinite).average)
    return map { $0.isFinite ? $0 : mean }
  }

  /// The median; nil for nothing.
  var median: Double? { sorted().sortedQuantile(0.5) }
}

extension Double {
  /// As the language writes numbers: whole ones without a point.
  var plain: String {
    if let whole = Int(exactly: self) { return String(whole) }
    return String(describing: self)
  }
}
