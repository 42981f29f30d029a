import TensorEngine

/// How strong the noise is in each channel, beside the spread of the channel.
///
/// Intensities are brought to a common scale channel by channel, so what a network meets is the
/// noise over the spread. Where both the noise and that share differ much, one network for all
/// channels is a compromise. (The colours of a photograph differ in spread alone, and channels
/// that were only scaled differ in noise alone.)
public struct ChannelNoise: Sendable {
  /// Standard deviations of the noise, in the image's units; empty for an image of one channel.
  public let levels: [Double]
  /// The same over the standard deviations of the channels.
  public let shares: [Double]

  /// Sides of the part looked at.
  private static let side = 256
  /// The largest share of noise over the smallest from which on channels differ.
  private static let tolerance = 1.5

  /// - Throws: `DenoiseError` where an axis is too short to estimate noise along.
  public init(of source: any ImageSource) throws {
    guard let axis = source.dimension(of: "C"), source.shape[axis] > 1 else {
      (levels, shares) = ([], [])
      return
    }
    let image = try source.middle(side: ChannelNoise.side)
    var levels: [Double] = []
    var shares: [Double] = []
    for channel in 0..<image.shape[axis] {
      var box = Box(origin: image.shape.map { _ in 0 }, size: image.shape)
      (box.origin[axis], box.size[axis]) = (channel, 1)
      let part = try image.cropped(to: box)
      let level = try Metrics.noiseLevel(of: part)
      let spread = part.tensor.values.meanAndDeviation.deviation
      levels.append(level)
      shares.append(spread > 0 ? level / spread : 0)
    }
    (self.levels, self.shares) = (levels, shares)
  }

  private static func differ(_ numbers: [Double]) -> Bool {
    guard let low = numbers.min(), let high = numbers.max() else { return false }
    return high > low * tolerance
  }

  /// What to say where channels differ; nil where they do not.
  public var warning: String? {
    guard ChannelNoise.differ(levels), ChannelNoise.differ(shares) else { return nil }
    let list = zip(levels, shares).map { level, share in
      "\(level.rounded(to: 3)) (\(Int((100 * share).rounded())) % of its spread)"
    }
    return "channels have different noise: " + list.joined(separator: ", ")
      + "; one network for all is a compromise, `unstack(data, axis=c)` takes them apart"
  }
}

extension Double {
  /// With so many significant digits, as text.
  fileprivate func rounded(to digits: Int) -> String {
    guard self != 0, isFinite else { return plain }
    let size = (Elementary.log(Swift.abs(self)) / Elementary.log(10.0)).rounded(.down)
    let scale = Elementary.pow(10, Double(digits) - 1 - size)
    return ((self * scale).rounded() / scale).plain
  }
}
