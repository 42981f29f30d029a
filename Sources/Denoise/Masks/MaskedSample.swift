/// One sample while it is being masked.
public struct MaskedSample: Sendable {
  public let channels: Int
  public let spatial: [Int]
  /// The noisy values, `[C, spatial…]` row-major.
  public let noisy: [Float]
  /// What the net will see; the noisy values to begin with.
  public internal(set) var input: [Float]
  /// What a prediction is compared with; the noisy values to begin with.
  public internal(set) var target: [Float]
  /// 1 where a pixel is hidden.
  public internal(set) var hidden: [Float]
  /// 1 where the input is what was measured: neither hidden nor covered.
  public internal(set) var visible: [Float]
  /// Pixels of one channel.
  public let area: Int

  /// - Parameter noisy: `channels` times the product of `spatial` values.
  init(_ noisy: [Float], channels: Int, spatial: [Int]) {
    self.noisy = noisy
    self.channels = channels
    self.spatial = spatial
    area = spatial.reduce(1, *)
    input = noisy
    target = noisy
    hidden = Array(repeating: 0, count: noisy.count)
    visible = Array(repeating: 1, count: noisy.count)
  }

  /// Marks a pixel as hidden, in every channel or in one.
  mutating func hide(_ pixel: Int, channel: Int? = nil) {
    for channel in channel.map({ $0..<$0 + 1 }) ?? 0..<channels {
      hidden[channel * area + pixel] = 1
      visible[channel * area + pixel] = 0
    }
  }

  /// Has predictions compared everywhere, though nothing is hidden.
  mutating func compareAll() {
    for index in hidden.indices { hidden[index] = 1 }
  }

  /// Takes the loss off an element that was hidden; it stays replaced.
  mutating func ignore(_ index: Int) { hidden[index] = 0 }

  /// Marks an element of `input` as replaced though the loss does not look there.
  mutating func cover(_ index: Int) { visible[index] = 0 }
}

/// What stands in the place of hidden pixels.
public enum Fill: String, Sendable, CaseIterable {
  /// Zero: the net sees that something is missing only if zero is not a common value.
  case zero
  /// The weighted mean of the visible neighbours, which keeps the input's statistics.
  case interpolate
}
