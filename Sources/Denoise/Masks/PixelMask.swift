import TensorEngine

/// `pixels(percent=0.2, manipulate=uniform, radius=5)`: Noise2Void's blind spots.
///
/// Source: Krull et al. 2019; `median` is Noise2V2 (Höck et al. 2022); juglab/n2v
/// `utils/n2v_utils.py`. Boxes have the side round((100 / percent)^(1/d)) in d = 1, 2 and 3
/// dimensions (n2v takes the square root in 3-D too and so hides 8 times too few).
public struct PixelMask: Mask {
  /// What a chosen pixel is replaced by. All but `zero` look at the window of (2 radius + 1)^d
  /// noisy pixels around it, cropped at the border. Other hidden pixels in the window do not count
  /// (n2v takes them too): one of them shown in another's place would be seen by the net after all.
  public enum Manipulation: String, Sendable, CaseIterable {
    /// A pixel drawn evenly from the window.
    case uniform
    /// The window's median, always without its centre.
    case median
    /// The window's mean.
    case mean
    case zero
    /// A draw from the normal distribution with the window's mean and standard deviation.
    case gaussian
  }

  public private(set) var percent: Double
  public let manipulation: Manipulation
  public let radius: Int
  /// Whether the window holds the pixel itself, as n2v's `uniform_withCP` does. Then a hidden pixel
  /// keeps its noisy value now and then, and the mask is no longer strictly blind.
  public let center: Bool
  /// Whether each channel draws its own pixels.
  public let perChannel: Bool

  /// - Throws: `DenoiseError` for a share outside (0, 100] or a radius below 1.
  public init(
    percent: Double = 0.2, manipulation: Manipulation = .uniform, radius: Int = 5,
    center: Bool = false, perChannel: Bool = true
  ) throws {
    try StratifiedPositions.check(percent: percent)
    guard (1...1_000).contains(radius) else {
      throw DenoiseError("radius must be 1 ... 1000, not \(radius)")
    }
    self.percent = percent
    self.manipulation = manipulation
    self.radius = radius
    self.center = center
    self.perChannel = perChannel
  }

  /// As many pixels as are worth a step of a short training, behind what is nearest to their truth.
  func hurried() throws -> PixelMask {
    try PixelMask(
      percent: max(percent, 4), manipulation: .median, radius: 1, perChannel: perChannel)
  }

  /// The least that is hidden where a loss is to tell one epoch from the next, in percent.
  private static let leastValidated = 2.0

  /// The same with more hidden pixels, where they are few: a few hundred pixels say little of which
  /// epoch was better.
  public var validation: any Mask {
    var mask = self
    mask.percent = max(percent, PixelMask.leastValidated)
    return mask
  }

  public var description: String {
    "pixels(percent=\(percent.plain), manipulate=\(manipulation.rawValue), radius=\(radius)"
      + (center ? ", center=true" : "") + (perChannel ? "" : ", per_channel=false") + ")"
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let shared = StratifiedPositions.draw(
      percent: percent, shape: sample.spatial, stream: &stream)
    for channel in 0..<sample.channels {
      let pixels =
        perChannel && channel > 0
        ? StratifiedPositions.draw(percent: percent, shape: sample.spatial, stream: &stream)
        : shared
      for pixel in pixels { sample.hide(pixel, channel: channel) }
      for pixel in pixels {
        sample.input[channel * sample.area + pixel] = replacement(
          of: pixel, channel: channel, in: sample, stream: &stream)
      }
    }
  }

  private func replacement(
    of pixel: Int, channel: Int, in sample: MaskedSample, stream: inout RandomStream
  ) -> Float {
    if manipulation == .zero { return 0 }
    let window = Box(
      around: sample.spatial.position(of: pixel),
      radius: sample.spatial.map { _ in radius }, within: sample.spatial)
    let base = channel * sample.area
    let own = center && manipulation != .median ? base + pixel : -1
    if manipulation == .uniform,
      let drawn = drawn(from: window, base, own, sample, stream: &stream)
    {
      return drawn
    }
    var values: [Float] = []
    values.reserveCapacity(window.count)
    window.forEachRow(in: sample.spatial) { row in
      for index in base + row.lowerBound..<base + row.upperBound
      where sample.hidden[index] == 0 || index == own {
        values.append(sample.noisy[index])
      }
    }
    if values.isEmpty { return 0 }
    switch manipulation {
    case .uniform: return values[stream.int(below: values.count)]
    case .median: return Float(values.median ?? 0)
    case .mean: return Float(values.average)
    case .gaussian:
      let (mean, deviation) = values.meanAndDeviation
      return Float(mean) + Float(deviation) * stream.normal()
    case .zero: return 0
    }
  }

  /// A pixel drawn evenly from the window without listing it: drawn again where it is hidden. Nil
  /// where nearly all of the window is.
  private func drawn(
    from window: Box, _ base: Int, _ own: Int, _ sample: MaskedSample, stream: inout RandomStream
  ) -> Float? {
    let strides = sample.spatial.strides
    for _ in 0..<16 {
      var index = base
      for axis in window.size.indices {
        index += (window.origin[axis] + stream.int(below: window.size[axis])) * strides[axis]
      }
      if sample.hidden[index] == 0 || index == own { return sample.noisy[index] }
    }
    return nil
  }
}
