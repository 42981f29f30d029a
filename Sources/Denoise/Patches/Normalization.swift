import TensorEngine

/// How intensities are brought to a common scale before a net sees them.
public enum Normalization: Sendable, Equatable, CustomStringConvertible {
  /// Mean 0 and standard deviation 1.
  case meanstd
  /// The smallest value to 0, the largest to 1.
  case minmax
  /// Two percentiles (0...100) to 0 and 1; what lies outside is not clipped.
  case percentile(low: Double, high: Double)
  /// Images are brought to one voxel size first (`VoxelNormalization`), then as `meanstd`.
  case voxel
  case none

  public var description: String {
    switch self {
    case .meanstd: "meanstd"
    case .minmax: "minmax"
    case .percentile(1, 99.8): "percentile"
    case .percentile(let low, let high): "percentile(\(low.plain), \(high.plain))"
    case .voxel: "voxel"
    case .none: "none"
    }
  }

  /// Finds the scale of the data, for each channel on its own.
  ///
  /// - Parameters:
  ///   - batches: Tensors `[N, C, …]` of the same number of channels.
  /// - Throws: `DenoiseError` where there is no data, channels differ or percentiles are not in order.
  public func fitted(to batches: [Tensor]) throws -> IntensityScale {
    guard let channels = batches.first?.shape.dropFirst().first,
      batches.allSatisfy({ $0.rank >= 2 && $0.shape[1] == channels })
    else {
      throw DenoiseError("normalisation takes images [N, C, …] of the same number of channels")
    }
    if case .percentile(let low, let high) = self, !(low >= 0 && low < high && high <= 100) {
      throw DenoiseError("percentiles must rise from 0 to 100, not \(low.plain), \(high.plain)")
    }
    var offsets: [Double] = []
    var scales: [Double] = []
    for channel in 0..<channels {
      let values = batches.flatMap { Normalization.values(of: $0, channel: channel) }
      let (offset, scale) = measure(values)
      offsets.append(offset)
      // A constant channel has no scale of its own.
      scales.append(scale > 0 && scale.isFinite ? scale : 1)
    }
    return IntensityScale(method: self, offsets: offsets, scales: scales)
  }

  /// The same for samples that are read piece by piece.
  ///
  /// - Throws: `DenoiseError` where there are values that are no numbers.
  func fitted(toPiecesOf samples: [SampleArray]) throws -> IntensityScale {
    var (offsets, scales) = ([Double](), [Double]())
    for channel in 0..<(samples.first?.shape.first ?? 0) {
      func pieces(_ body: ([Float]) throws -> Void) throws {
        for sample in samples { try sample.forEachPiece(ofChannel: channel, body) }
      }
      var sums = StreamedStatistics()
      try pieces { sums.add($0) }
      guard sums.invalid == 0 else { throw TrainingData.notNumbers }
      let (offset, scale): (Double, Double)
      switch self {
      case .none: (offset, scale) = (0, 1)
      case .meanstd, .voxel: (offset, scale) = (sums.mean, sums.std)
      case .minmax: (offset, scale) = (sums.min, sums.max - sums.min)
      case .percentile(let low, let high):
        let bounds = try sums.quantiles([low / 100, high / 100], pieces: pieces)
        (offset, scale) = (bounds[0], bounds[1] - bounds[0])
      }
      offsets.append(offset)
      scales.append(scale > 0 && scale.isFinite ? scale : 1)
    }
    return IntensityScale(method: self, offsets: offsets, scales: scales)
  }

  private static func values(of batch: Tensor, channel: Int) -> [Float] {
    let area = batch.shape[2...].reduce(1, *)
    var values: [Float] = []
    for sample in 0..<batch.shape[0] {
      let start = (sample * batch.shape[1] + channel) * area
      values.append(contentsOf: batch.values[start..<start + area].lazy.filter(\.isFinite))
    }
    return values
  }

  /// Offset and scale of finite values.
  private func measure(_ values: [Float]) -> (offset: Double, scale: Double) {
    switch self {
    case .none: return (0, 1)
    case .meanstd, .voxel:
      let (mean, deviation) = values.meanAndDeviation
      return (mean, deviation)
    case .minmax:
      let low = Double(values.min() ?? 0)
      return (low, Double(values.max() ?? 0) - low)
    case .percentile(let low, let high):
      let sorted = values.sorted()
      let floor = sorted.sortedQuantile(low / 100) ?? 0
      return (floor, (sorted.sortedQuantile(high / 100) ?? 0) - floor)
    }
  }
}

/// The scale found in training data, kept with the model: y = (x - offset) / scale, channel by
/// channel, and back.
public struct IntensityScale: Sendable, Equatable, CustomStringConvertible {
  public let method: Normalization
  public let offsets: [Double]
  public let scales: [Double]

  public init(method: Normalization, offsets: [Double], scales: [Double]) {
    self.method = method
    self.offsets = offsets
    self.scales = scales
  }

  public var description: String {
    let parts = zip(offsets, scales).map { "(x - \($0.plain)) / \($1.plain)" }
    return "\(method): " + parts.joined(separator: ", ")
  }

  /// Normalises `[N, C, …]`.
  ///
  /// - Throws: `DenoiseError` where the number of channels is another.
  public func applied(to batch: Tensor) throws -> Tensor {
    try changed(batch, IntensityScale.forth)
  }

  /// Back to the data's own units.
  ///
  /// - Throws: `DenoiseError` where the number of channels is another.
  public func undone(on batch: Tensor) throws -> Tensor {
    try changed(batch, IntensityScale.back)
  }

  /// A value as networks see it.
  @inline(__always)
  static func forth(_ value: Float, _ offset: Double, _ scale: Double) -> Float {
    Float((Double(value) - offset) / scale)
  }

  /// The way back.
  @inline(__always)
  static func back(_ value: Float, _ offset: Double, _ scale: Double) -> Float {
    Float(Double(value) * scale + offset)
  }

  private func changed(
    _ batch: Tensor, _ change: (Float, Double, Double) -> Float
  ) throws -> Tensor {
    guard batch.rank >= 2, batch.shape[1] == offsets.count, scales.count == offsets.count else {
      throw DenoiseError(
        "the normalisation is for \(offsets.count) channels, the data is \(batch.shape.asShape)")
    }
    let area = batch.shape[2...].reduce(1, *)
    let source = batch.values
    let values = ParallelArray.make(count: batch.count) { range in
      range.map { index in
        let channel = index / area % offsets.count
        return change(source[index], offsets[channel], scales[channel])
      }
    }
    return try Tensor(values, shape: batch.shape)
  }
}
