/// Counts of values in equal bins.
public struct HistogramBins: Sendable, Equatable {
  /// One more than there are bins, rising.
  public let edges: [Double]
  public let counts: [Int]

  /// - Parameters:
  ///   - values: those that are not finite are left out.
  ///   - bins: how many; by Freedman and Diaconis' rule (1981) from 10 to 200 where nil.
  ///   - range: ends of the first and the last bin; the data's where nil.
  /// - Throws: `GraphicsError` where no value is finite or the number of bins is out of range.
  public init(
    of values: [Float], bins: Int? = nil, range: ClosedRange<Double>? = nil
  ) throws {
    guard let marks = Percentile.of(values, [0, 25, 75, 100]) else {
      throw GraphicsError("a histogram needs at least one finite value")
    }
    let low = range?.lowerBound ?? marks[0]
    var high = range?.upperBound ?? marks[3]
    if high <= low { high = low + 1 }
    let width = 2 * (marks[2] - marks[1]) / HistogramBins.cubeRoot(Double(values.count))
    let advised = width > 0 ? max(10, min(200, ((high - low) / width).rounded(.up))) : 50
    let count = bins ?? Int(advised)
    guard (1...100_000).contains(count) else {
      throw GraphicsError("a histogram has from 1 to 100000 bins, not \(count)")
    }
    var counts = [Int](repeating: 0, count: count)
    for value in values where value.isFinite {
      let place = (Double(value) - low) / (high - low)
      guard (0...1).contains(place) else { continue }
      counts[min(count - 1, Int(place * Double(count)))] += 1
    }
    self.counts = counts
    edges = (0...count).map { low + (high - low) * Double($0) / Double(count) }
  }

  private static func cubeRoot(_ value: Double) -> Double {
    Double.exp10(Double.log10(max(1, value)) / 3)
  }
}
