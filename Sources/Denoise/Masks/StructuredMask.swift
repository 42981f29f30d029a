import TensorEngine

/// `line(axis=x, length=5)` or any odd 0/1 array: blind spots for noise that is alike along a
/// structure (structN2V, Broaddus et al. 2020).
///
/// Around each chosen pixel, all pixels under the array are replaced by values drawn evenly from
/// the range of the pixels that stay visible; the loss looks at the chosen pixels only.
public struct StructuredMask: Mask {
  /// Which neighbours are replaced: an array of 0 and 1 with odd sides, for the last axes of a
  /// patch. Its centre always counts as 1.
  public let pattern: Tensor
  /// Share of pixels chosen, as in `PixelMask`.
  public let percent: Double
  private let text: String

  /// - Throws: `DenoiseError` where a side is even or the array has no or over three axes.
  public init(pattern: Tensor, percent: Double = 0.2) throws {
    try self.init(
      pattern: pattern, percent: percent,
      text: "structure(\(StructuredMask.text(of: pattern)), percent=\(percent.plain))")
  }

  /// A line through the chosen pixel.
  ///
  /// - Parameters:
  ///   - axis: `x`, `y` or `z`.
  ///   - length: Odd; the pixels covered, the chosen one included.
  public init(axis: Character, length: Int = 5, percent: Double = 0.2) throws {
    guard (1...10_001).contains(length), length % 2 == 1 else {
      throw DenoiseError("length must be odd and positive, not \(length)")
    }
    let shape: [Int]
    switch axis {
    case "x", "X": shape = [length]
    case "y", "Y": shape = [length, 1]
    case "z", "Z": shape = [length, 1, 1]
    default: throw DenoiseError("axis must be x, y or z, not \(axis)")
    }
    try self.init(
      pattern: Tensor(repeating: 1, shape: shape), percent: percent,
      text: "line(axis=\(axis.lowercased()), length=\(length), percent=\(percent.plain))")
  }

  private init(pattern: Tensor, percent: Double, text: String) throws {
    try StratifiedPositions.check(percent: percent)
    guard (1...3).contains(pattern.rank), pattern.shape.allSatisfy({ $0 % 2 == 1 }) else {
      throw DenoiseError(
        "a structured mask is an array of one to three axes with odd sides, not "
          + pattern.shape.asShape)
    }
    self.pattern = pattern
    self.percent = percent
    self.text = text
  }

  public var description: String { text }

  /// The array as nested lists.
  private static func text(of pattern: Tensor) -> String {
    var parts = pattern.values.map { $0 == 0 ? "0" : "1" }
    for side in pattern.shape.reversed() where side > 0 {
      parts = stride(from: 0, to: parts.count, by: side).map { start in
        "[" + parts[start..<min(parts.count, start + side)].joined(separator: ", ") + "]"
      }
    }
    return parts.joined()
  }

  public func check(spatial: [Int]) throws {
    guard pattern.rank <= spatial.count else {
      throw DenoiseError(
        "a \(pattern.rank)-D structured mask does not fit \(spatial.count)-D patches")
    }
  }

  public func isKept(by orientation: Orientation) -> Bool {
    let shape = paddedShape(rank: orientation.rank)
    guard let pattern = try? pattern.reshaped(shape),
      let turned = try? orientation.applied(to: pattern)
    else { return false }
    return turned == pattern
  }

  public func hide(in sample: inout MaskedSample, stream: inout RandomStream) {
    let offsets = neighbourOffsets(rank: sample.spatial.count)
    let strides = sample.spatial.strides
    for channel in 0..<sample.channels {
      let base = channel * sample.area
      var covered: [Int] = []
      for pixel in StratifiedPositions.draw(
        percent: percent, shape: sample.spatial, stream: &stream)
      {
        sample.hide(pixel, channel: channel)
        let place = sample.spatial.position(of: pixel)
        for offset in offsets {
          let target = zip(place, offset).map(+)
          if zip(target, sample.spatial).allSatisfy({ $0 >= 0 && $0 < $1 }) {
            covered.append(base + zip(target, strides).reduce(0) { $0 + $1.0 * $1.1 })
          }
        }
      }
      for index in covered { sample.cover(index) }
      let range = visibleRange(of: sample, channel: channel)
      for index in covered { sample.input[index] = stream.uniform(range) }
    }
  }

  /// The range of the values that stay visible: a hidden extreme must not show through it.
  private func visibleRange(of sample: MaskedSample, channel: Int) -> ClosedRange<Float> {
    var low = Float.infinity
    var high = -Float.infinity
    for index in channel * sample.area..<(channel + 1) * sample.area
    where sample.visible[index] != 0 && sample.noisy[index].isFinite {
      low = min(low, sample.noisy[index])
      high = max(high, sample.noisy[index])
    }
    return low <= high ? low...high : 0...0
  }

  private func paddedShape(rank: Int) -> [Int] {
    Array(repeating: 1, count: max(0, rank - pattern.rank)) + pattern.shape
  }

  private func neighbourOffsets(rank: Int) -> [[Int]] {
    let shape = paddedShape(rank: rank)
    let center = shape.map { $0 / 2 }
    return pattern.values.indices.compactMap { index in
      let offset = zip(shape.position(of: index), center).map(-)
      return pattern.values[index] != 0 || offset.allSatisfy { $0 == 0 } ? offset : nil
    }
  }
}
