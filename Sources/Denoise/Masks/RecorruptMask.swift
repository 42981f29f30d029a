import TensorEngine

/// `recorrupt(alpha=0.5)`: nothing is hidden, but noise z of the strength of the data's own is added
/// to what the net sees, alpha z, and taken from what its prediction is compared with, z / alpha
/// (Recorrupted-to-Recorrupted, Pang et al. 2021). The noise of both is then uncorrelated, as that of two
/// exposures is, and no pixel is lost. It asks for what masks need not know: how strong the noise is
/// at each brightness, and what neighbours share of it.
public struct RecorruptMask: Mask {
  /// How much of the noise is added; its inverse is taken from the target.
  public let strength: Double
  /// The noise in the data's units; measured in what is trained on where nil.
  public let noise: NoiseModel?
  /// The scale that samples are on; nil where they are in the data's units.
  private var scale: IntensityScale?
  /// 1, or -1 for the opposite of the same draw.
  private var sign: Float = 1

  /// - Throws: `DenoiseError` for a strength outside 0.05...2.
  public init(strength: Double = 0.5, noise: NoiseModel? = nil) throws {
    guard (0.05...2).contains(strength) else {
      throw DenoiseError("alpha must be 0.05 ... 2, not \(strength.plain)")
    }
    self.strength = strength
    self.noise = noise
  }

  public var description: String {
    let noise = noise.map { $0.constant?.plain ?? "\"\($0)\"" } ?? "none"
    return "recorrupt(alpha=\(strength.plain), noise=\(noise))"
  }

  public var makesTarget: Bool { true }

  public var forOtherData: any Mask { with(noise: nil) }

  public func fitted(to data: TrainingData) throws -> any Mask {
    if noise != nil { return self }
    guard let measured = try data.noise() else {
      throw DenoiseError(
        "there is no noise to be measured, which `recorrupt` must know",
        hint: "give its standard deviation: `recorrupt(noise=25)`")
    }
    return with(noise: measured.model)
  }

  public func scaled(by scale: IntensityScale) -> any Mask {
    var copy = self
    copy.scale = scale
    return copy
  }

  /// The same draws with the opposite noise: what single draws make uncertain cancels.
  var opposite: RecorruptMask {
    var copy = self
    copy.sign = -sign
    return copy
  }

  private func with(noise: NoiseModel?) -> RecorruptMask {
    var copy = RecorruptMask(trusted: strength, noise: noise)
    (copy.scale, copy.sign) = (scale, sign)
    return copy
  }

  private init(trusted strength: Double, noise: NoiseModel?) {
    (self.strength, self.noise) = (strength, noise)
  }

  public func check(spatial: [Int]) throws {
    guard noise != nil else {
      throw DenoiseError(
        "`recorrupt` must know the noise here",
        hint: "give its standard deviation: `recorrupt(noise=25)`")
    }
    for correlation in noise?.curves.compactMap(\.correlation) ?? [] {
      guard correlation.coefficients.count == spatial.count else {
        throw DenoiseError(
          "the noise was measured in \(correlation.coefficients.count)-D, this is \(spatial.count)-D"
        )
      }
    }
  }

  public func isKept(by orientation: Orientation) -> Bool {
    noise?.curves.allSatisfy { $0.correlation?.isKept(by: orientation) ?? true } ?? true
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    guard let noise else { return }
    sample.compareAll()
    let drawn = draw(noise, channels: sample.channels, shape: sample.spatial, stream: &stream)
    let (more, less) = (Float(strength) * sign, Float(1 / strength) * sign)
    for channel in 0..<sample.channels {
      let start = channel * sample.area
      let strengths = deviations(
        noise.curve(channel), of: Array(sample.noisy[start..<start + sample.area]),
        shape: sample.spatial, channel: channel)
      for pixel in 0..<sample.area {
        let value = (strengths.count == 1 ? strengths[0] : strengths[pixel]) * drawn[channel][pixel]
        sample.input[start + pixel] += more * value
        sample.target[start + pixel] -= less * value
      }
    }
  }

  /// Noise of variance 1 for each channel.
  private func draw(
    _ noise: NoiseModel, channels: Int, shape: [Int], stream: inout RandomStream
  ) -> [[Float]] {
    var drawn: [[Float]] = []
    for channel in 0..<channels {
      var white = [Float](repeating: 0, count: shape.product)
      for pixel in white.indices { white[pixel] = stream.normal() }
      let correlation = noise.curve(channel).correlation
      drawn.append(correlation?.applied(to: white, shape: shape) ?? white)
    }
    let mixing = noise.mixing()
    guard mixing.count == channels else { return drawn }
    return mixing.map { row in
      var sum = [Float](repeating: 0, count: shape.product)
      for (share, part) in zip(row, drawn) {
        for pixel in sum.indices { sum[pixel] += Float(share) * part[pixel] }
      }
      return sum
    }
  }

  /// The standard deviation of the noise at each pixel of a channel, or one for all.
  private func deviations(
    _ noise: NoiseCurve, of values: [Float], shape: [Int], channel: Int
  ) -> [Float] {
    let (offset, unit) = (scale?.offsets[channel] ?? 0, scale?.scales[channel] ?? 1)
    if noise.deviations.count == 1 { return [Float(noise.deviations[0] / unit)] }
    // Brightness is that of the surroundings: a pixel's own would say how its noise fell.
    let table = NoiseTable(noise)
    let smooth = AxisFilter.gaussian(sigma: NoiseCurve.guideWidth, border: .symmetric)
      .applied(to: values, shape: shape, axes: shape.indices)
    return smooth.map { table.deviation(at: $0 * Float(unit) + Float(offset)) / Float(unit) }
  }
}

/// A curve of noise at even steps of brightness, to be looked up for every pixel.
private struct NoiseTable {
  private let start: Float
  private let step: Float
  private let deviations: [Float]

  private static let count = 512

  init(_ noise: NoiseCurve) {
    let (low, high) = (noise.brightness.first ?? 0, noise.brightness.last ?? 0)
    let step = (high - low) / Double(NoiseTable.count - 1)
    deviations = (0..<NoiseTable.count).map {
      Float(noise.deviation(at: low + step * Double($0)))
    }
    (start, self.step) = (Float(low), Float(step))
  }

  func deviation(at value: Float) -> Float {
    guard step > 0, value.isFinite else { return deviations[0] }
    let place = (value - start) / step
    return deviations[Int(min(Float(NoiseTable.count - 1), max(0, place.rounded())))]
  }
}
