import TensorEngine

/// What `stats` shows of an image; elements that are no numbers are counted and left out.
public struct ImageStatistics: Sendable, Equatable {
  public let count: Int
  /// Elements that are NaN or infinite.
  public let invalid: Int
  public let min: Double
  public let max: Double
  public let mean: Double
  public let median: Double
  /// Population standard deviation.
  public let std: Double
  /// Root mean square about zero.
  public let rms: Double

  /// - Throws: `DenoiseError` where there is no finite element.
  public init(of tensor: Tensor) throws {
    let values = tensor.values.filter(\.isFinite).sorted()
    guard let low = values.first, let high = values.last, let middle = values.sortedQuantile(0.5)
    else { throw DenoiseError("there is no finite number in the image") }
    count = tensor.count
    invalid = tensor.count - values.count
    min = Double(low)
    max = Double(high)
    median = middle
    (mean, std) = values.meanAndDeviation
    rms = values.rootMeanSquare
  }

  /// The same of an image that is read twice, piece by piece.
  ///
  /// - Throws: `DenoiseError` where there is no finite element; what reading throws.
  public init(of source: any ImageSource) throws {
    var sums = StreamedStatistics()
    try source.forEachPiece { sums.add($0) }
    guard sums.finite > 0 else {
      throw DenoiseError("there is no finite number in the image")
    }
    (count, invalid, min, max) = (sums.count, sums.invalid, sums.min, sums.max)
    (mean, std, rms) = (sums.mean, sums.std, sums.rms)
    median = try sums.quantiles([0.5]) { body in try source.forEachPiece { try body($0) } }[0]
  }
}

/// How many elements fall between edges, as NumPy's `histogram`: the last bin holds its upper edge.
public struct Histogram: Sendable, Equatable {
  /// One more than there are counts, rising.
  public let edges: [Double]
  public let counts: [Int]

  /// - Parameters:
  ///   - bins: Number of bins of equal width.
  ///   - range: What they cover; the range of the finite elements by default.
  /// - Throws: `DenoiseError` for no bins, no finite element or an empty range.
  public init(of tensor: Tensor, bins: Int = 64, range: ClosedRange<Double>? = nil) throws {
    guard (1...1_000_000).contains(bins) else {
      throw DenoiseError("bins must be 1 ... 1000000, not \(bins)")
    }
    let values = tensor.values.lazy.filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else {
      throw DenoiseError("there is no finite number in the image")
    }
    var low = range?.lowerBound ?? Double(least)
    var high = range?.upperBound ?? Double(most)
    guard low.isFinite, high.isFinite else { throw DenoiseError("the range must be finite") }
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let width = (high - low) / Double(bins)
    edges = (0...bins).map { $0 == bins ? high : low + Double($0) * width }
    var counts = Array(repeating: 0, count: bins)
    for value in values {
      let x = Double(value)
      if x >= low && x <= high { counts[Swift.min(bins - 1, Int((x - low) / width))] += 1 }
    }
    self.counts = counts
  }
}
