import TensorEngine

/// `wavelet_filter(sigma)`: soft thresholds in a wavelet basis (Daubechies 2), chosen band by band
/// (BayesShrink, Chang et al. 2000), averaged over shifts of the image (cycle spinning, Coifman &
/// Donoho 1995).
public struct WaveletFilter: Denoiser {
  public static let name = "wavelet_filter"
  public static let summary = "wavelet shrinkage (BayesShrink) with cycle spinning"
  public static let parameters = [.sigma, levels, shifts]
  static let levels = DenoiserParameter(
    "levels", "scales that are thresholded (default: all but the coarsest three)", standard: nil,
    in: 1...12, whole: true)
  static let shifts = DenoiserParameter(
    "shifts", "shifts along each axis that are averaged (volumes: 2 at most)", standard: 4,
    in: 1...16, whole: true)

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let sigma = try settings.given(.sigma) ?? Metrics.noiseLevel(of: image)
    guard sigma > 0 else { return image }
    return try eachPlane(of: image) { values, shape in
      let shortest = shape.min() ?? 1
      let deepest = max(1, Int((Elementary.log(Double(shortest)) / Elementary.log(2.0))) - 3)
      let levels = Int(settings.given(WaveletFilter.levels) ?? Double(deepest))
      let shifts = min(settings.whole(WaveletFilter.shifts), shape.count == 3 ? 2 : 16)
      let spinner = Shrinkage(shape: shape, levels: levels, sigma: sigma)
      let counts = shape.map { _ in shifts }
      let results = Parallel.map(counts.product) { index in
        spinner.shrunk(values, shift: counts.position(of: index))
      }
      try Interrupt.check()
      let share = 1 / Float(results.count)
      return values.indices.map { index in
        results.reduce(Float(0)) { $0 + $1[index] } * share
      }
    }
  }
}

/// One wavelet shrinkage of a shifted plane or volume.
private struct Shrinkage {
  let shape: [Int]
  let levels: Int
  let sigma: Double
  private let wavelet = Wavelet.daubechies2
  /// Sides in which `levels` halvings come out even.
  private var padded: [Int] {
    let unit = 1 << levels
    return shape.map { $0.roundedUp(toMultipleOf: unit) }
  }

  init(shape: [Int], levels: Int, sigma: Double) {
    self.shape = shape
    self.levels = levels
    self.sigma = sigma
  }

  func shrunk(_ values: [Float], shift: [Int]) -> [Float] {
    if Interrupt.isPending { return values }
    let padded = padded
    // The mirrored margin makes the borders meet smoothly where the transform wraps around.
    var current = gathered(values, from: shape, to: padded, shift: shift, border: .symmetric)
    var sides = padded
    for _ in 0..<levels {
      let corner = Box(origin: sides.map { _ in 0 }, size: sides)
      var part = corner.values(of: current, shape: padded)
      for axis in sides.indices { part = wavelet.split(part, shape: sides, axis: axis) }
      shrinkDetails(&part, shape: sides)
      write(part, to: corner, of: &current)
      sides = sides.map { $0 / 2 }
    }
    for _ in 0..<levels {
      sides = sides.map { $0 * 2 }
      let corner = Box(origin: sides.map { _ in 0 }, size: sides)
      var part = corner.values(of: current, shape: padded)
      for axis in sides.indices.reversed() {
        part = wavelet.joined(part, shape: sides, axis: axis)
      }
      write(part, to: corner, of: &current)
    }
    return gathered(
      current, from: padded, to: shape, shift: shift.map { -$0 }, border: .wrap)
  }

  /// Elements of an array at shifted places.
  private func gathered(
    _ values: [Float], from old: [Int], to new: [Int], shift: [Int], border: Border
  ) -> [Float] {
    var sources = [0]
    for (axis, stride) in old.strides.enumerated() {
      let line = (0..<new[axis]).map { (place: Int) -> Int in
        // The shifted line wraps around the padded length.
        let count = border == .wrap ? old[axis] : new[axis]
        let moved = ((place + shift[axis]) % count + count) % count
        return (border.index(moved, count: old[axis]) ?? 0) * stride
      }
      sources = sources.flatMap { base in line.map { base + $0 } }
    }
    return sources.map { values[$0] }
  }

  private func write(_ part: [Float], to box: Box, of whole: inout [Float]) {
    var from = 0
    box.forEachRow(in: padded) { row in
      whole.replaceSubrange(row, with: part[from..<from + row.count])
      from += row.count
    }
  }

  /// Shrinks all bands but the averages.
  private func shrinkDetails(_ values: inout [Float], shape: [Int]) {
    let half = shape.map { $0 / 2 }
    for band in 1..<1 << shape.count {
      let origin = half.indices.map { band >> $0 & 1 == 1 ? half[$0] : 0 }
      let box = Box(origin: origin, size: half)
      let details = box.values(of: values, shape: shape)
      let power = details.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(details.count)
      let signal = power - sigma * sigma
      let threshold = signal > 0 ? Float(sigma * sigma / signal.squareRoot()) : .infinity
      box.forEachRow(in: shape) { row in
        for index in row {
          let size = abs(values[index]) - threshold
          values[index] = size > 0 ? (values[index] < 0 ? -size : size) : 0
        }
      }
    }
  }
}
