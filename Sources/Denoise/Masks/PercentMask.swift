import TensorEngine

/// `percent(p=0.2)`: exactly that share of the entries is hidden, drawn without replacement.
public struct PercentMask: Mask {
  /// The share, between 0 and 1; the number hidden is rounded, and at least one.
  public let share: Double
  /// Whether entries are drawn from all channels together; otherwise positions are drawn, and
  /// hidden in every channel.
  public let perChannel: Bool
  public let fill: Fill

  /// - Throws: `DenoiseError` for a share outside (0, 1).
  public init(share: Double = 0.2, perChannel: Bool = true, fill: Fill = .zero) throws {
    guard share > 0, share < 1 else {
      throw DenoiseError("p must lie between 0 and 1, not \(share.plain)")
    }
    self.share = share
    self.perChannel = perChannel
    self.fill = fill
  }

  public var description: String {
    "percent(p=\(share.plain), per_channel=\(perChannel), fill=\(fill.rawValue))"
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let entries = perChannel ? sample.noisy.count : sample.area
    let count = max(1, Int((share * Double(entries)).rounded()))
    // The first `count` places of a Fisher-Yates shuffle.
    var order = Array(0..<entries)
    for place in 0..<min(count, entries) {
      order.swapAt(place, place + stream.int(below: entries - place))
      if perChannel {
        sample.hidden[order[place]] = 1
      } else {
        sample.hide(order[place])
      }
    }
    sample.fillHidden(fill, taps: BernoulliMask.taps)
  }
}
