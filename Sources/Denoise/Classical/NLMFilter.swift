import TensorEngine

/// `nlm_filter(h)`: non-local means (Buades et al. 2005): the mean of pixels whose surroundings
/// look alike, in 1-D to 3-D.
///
/// A pixel at distance up to `distance` weighs exp(-max(d - 2 sigma^2, 0) / h^2), where d is the
/// mean squared difference of the two patches, over all colours of a picture; patches are compared
/// displacement by displacement (Darbon et al. 2008).
public struct NLMFilter: Denoiser {
  public static let name = "nlm_filter"
  public static let summary = "non-local means"
  public static let parameters = [strength, .sigma, patch, distance]
  static let strength = DenoiserParameter(
    "h", "how unlike patches may be, in the image's units (default: 0.6 times the noise level)",
    standard: nil, in: 0...1e30)
  static let patch = DenoiserParameter(
    "patch", "reach of the patches compared, in pixels", standard: 2, in: 1...10, whole: true)
  static let distance = DenoiserParameter(
    "distance", "how far away patches are looked for, in pixels (default: 7; volumes 3)",
    standard: nil, in: 1...40, whole: true)

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let sigma = try settings.given(.sigma) ?? Metrics.noiseLevel(of: image)
    let strength = settings.given(NLMFilter.strength) ?? 0.6 * sigma
    guard strength > 0 else { return image }
    let volume = image.spatialDimensions.count == 3
    return try eachPicture(of: image) { channels, shape in
      try Averager(
        shape: shape, patch: settings.whole(NLMFilter.patch),
        distance: Int(settings.given(NLMFilter.distance) ?? (volume ? 3 : 7)),
        scale: Float(-1 / (strength * strength)), floor: Float(2 * sigma * sigma)
      ).averaged(channels)
    }
  }
}

/// Non-local means of one plane or volume, by slabs along its first axis.
private struct Averager {
  let shape: [Int]
  let patch: Int
  let distance: Int
  let scale: Float
  let floor: Float

  /// Rows of the first axis in a slab; fixed, so that the sums do not depend on the threads.
  private var slab: Int { max(1, 32_768 / max(1, shape[1...].reduce(1, *))) }

  func averaged(_ channels: [[Float]]) throws -> [[Float]] {
    let margin = patch + distance
    let frames = channels.map {
      FramedArray($0, shape: shape, margin: margin, border: .symmetric)
    }
    let displacements = frames[0].offsets(radius: distance)
    let slabs = (shape[0] + slab - 1) / slab
    let parts = Parallel.map(slabs) { part in
      average(
        rows: part * slab..<min(shape[0], (part + 1) * slab), frames: frames,
        displacements: displacements)
    }
    try Interrupt.check()
    return channels.indices.map { channel in parts.flatMap { $0[channel] } }
  }

  private func average(
    rows: Range<Int>, frames: [FramedArray], displacements: [Int]
  ) -> [[Float]] {
    let frame = frames[0]
    // The slab with a margin of one patch, from which patch sums are taken.
    let outer = [rows.count + 2 * patch] + shape[1...].map { $0 + 2 * patch }
    let start = [rows.lowerBound + distance] + shape[1...].map { _ in distance }
    var places: [Range<Int>] = []
    Box(origin: start, size: outer).forEachRow(in: frame.shape) { places.append($0) }
    let inner = [rows.count] + shape[1...]
    var own: [Int] = []
    Box(origin: start.map { $0 + patch }, size: inner).forEachRow(in: frame.shape) {
      own.append(contentsOf: $0)
    }
    var sums = frames.map { _ in [Float](repeating: 0, count: own.count) }
    var totals = [Float](repeating: 0, count: own.count)
    var weights = totals
    var squares = [Float](repeating: 0, count: outer.product)
    let side = 2 * patch + 1
    let share = 1 / Float(shape.reduce(frames.count) { total, _ in total * side })
    for displacement in displacements {
      if Interrupt.isPending { return sums }
      for (channel, frame) in frames.enumerated() {
        var slot = 0
        for place in places {
          for index in place {
            let difference = frame.values[index] - frame.values[index + displacement]
            let before = channel == 0 ? 0 : squares[slot]
            squares[slot] = before + difference * difference
            slot += 1
          }
        }
      }
      let distances = windowSums(squares, shape: outer)
      for index in own.indices {
        let exponent = scale * max(0, distances[index] * share - floor)
        // Nothing where patches are too unlike to weigh anything.
        weights[index] = exponent < -20 ? 0 : Elementary.exp(exponent)
        totals[index] += weights[index]
      }
      for (channel, frame) in frames.enumerated() {
        add(frame.values, at: own, displacement, weights, to: &sums[channel])
      }
    }
    return sums.map { sum in zip(sum, totals).map { $0 / $1 } }
  }

  private func add(
    _ values: [Float], at places: [Int], _ displacement: Int, _ weights: [Float],
    to sums: inout [Float]
  ) {
    for (index, place) in places.enumerated() {
      sums[index] += weights[index] * values[place + displacement]
    }
  }

  /// Sums over all windows of 2 patch + 1 elements along each axis that lie inside.
  private func windowSums(_ values: [Float], shape: [Int]) -> [Float] {
    var current = values
    var shape = shape
    let side = 2 * patch + 1
    for axis in shape.indices {
      let (old, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
      let new = old - side + 1
      var result = [Float](repeating: 0, count: current.count / old * new)
      for outer in 0..<current.count / (old * inner) {
        // The first window is summed; each next one gains an element and loses one.
        for place in 0..<new {
          let to = (outer * new + place) * inner
          let from = (outer * old + place) * inner
          if place == 0 {
            for tap in 0..<side * inner { result[to + tap % inner] += current[from + tap] }
          } else {
            let ahead = (side - 1) * inner
            for offset in 0..<inner {
              result[to + offset] =
                result[to + offset - inner] + current[from + ahead + offset]
                - current[from - inner + offset]
            }
          }
        }
      }
      current = result
      shape[axis] = new
    }
    return current
  }
}
