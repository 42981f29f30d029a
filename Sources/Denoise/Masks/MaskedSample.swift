/// One sample while it is being masked.
public struct MaskedSample: Sendable {
  public let channels: Int
  public let spatial: [Int]
  /// The noisy values, `[C, spatial…]` row-major.
  public let noisy: [Float]
  /// What the net will see; the noisy values to begin with.
  public internal(set) var input: [Float]
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

extension MaskedSample {
  /// Overwrites all hidden pixels.
  ///
  /// - Parameter taps: Weights along one axis; their outer product over all axes, without the
  ///   centre, weighs the neighbours. Hidden neighbours and those beyond the border do not count.
  ///   A pixel without a visible neighbour gets the mean of its channel's visible pixels.
  mutating func fillHidden(_ fill: Fill, taps: [Float]) {
    switch fill {
    case .zero:
      for index in input.indices where hidden[index] != 0 { input[index] = 0 }
    case .interpolate:
      for channel in 0..<channels { interpolate(channel: channel, taps: taps) }
    }
  }

  private mutating func interpolate(channel: Int, taps: [Float]) {
    let range = channel * area..<(channel + 1) * area
    // Selected, never multiplied: a hidden NaN must not reach its neighbours either.
    let visible = range.map { hidden[$0] == 0 ? Float(1) : 0 }
    let seen = range.map { hidden[$0] == 0 ? noisy[$0] : 0 }
    let filter = AxisFilter(taps: taps, border: .zero)
    let weights = filter.applied(to: visible, shape: spatial, axes: spatial.indices)
    let sums = filter.applied(to: seen, shape: spatial, axes: spatial.indices)
    let shown = visible.total()
    let mean = shown > 0 ? Float(seen.total() / shown) : 0
    for (pixel, index) in range.enumerated() where hidden[index] != 0 {
      input[index] = weights[pixel] > 0 ? sums[pixel] / weights[pixel] : mean
    }
  }
}
