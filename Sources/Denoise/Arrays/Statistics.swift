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

extension Sequence where Element: BinaryFloatingPoint {
  /// The root of the mean square; 0 for nothing.
  var rootMeanSquare: Double {
    var (sum, count) = (0.0, 0)
    for element in self {
      sum += Double(element) * Double(element)
      count += 1
    }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }
}

extension Array where Element: BinaryFloatingPoint {
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

  /// The median; nil for nothing.
  var median: Double? { sorted().sortedQuantile(0.5) }

  /// The standard deviation of normal numbers around zero, by the median of their sizes, which few
  /// that are far out do not move; 0 for nothing.
  var robustDeviation: Double { (map { abs($0) }.median ?? 0) / 0.6744897501960817 }

  /// Where a value lies among rising points: behind the point `low`, at `share` of the way to the
  /// next; below 0 before the first and above 1 behind the last. A single point has no way.
  func place(of value: Element) -> (low: Int, share: Element) {
    guard count > 1 else { return (0, 0) }
    var (low, high) = (0, count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if self[middle] <= value { low = middle } else { high = middle }
    }
    return (low, (value - self[low]) / (self[high] - self[low]))
  }
}

extension [Float] {
  /// The same elements, with the mean of the finite ones in the place of the others.
  var withoutGaps: [Float] {
    if allSatisfy(\.isFinite) { return self }
    let mean = Float(filter(\.isFinite).average)
    return map { $0.isFinite ? $0 : mean }
  }
}

extension Double {
  /// As the language writes numbers: whole ones without a point.
  var plain: String {
    if let whole = Int(exactly: self) { return String(whole) }
    return String(describing: self)
  }
}
