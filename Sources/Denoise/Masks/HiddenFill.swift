import TensorEngine

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
      let window = Neighbourhood(taps: taps, shape: spatial)
      for channel in 0..<channels { interpolate(channel: channel, window) }
    }
  }

  private mutating func interpolate(channel: Int, _ window: Neighbourhood) {
    let range = channel * area..<(channel + 1) * area
    let (count, mean) = hiddenCountAndVisibleMean(range)
    guard count > 0 else { return }
    // Whole rows are added to each other many elements at a time; single pixels look up theirs.
    let byAxis = window.taps.count * spatial.count * area / 4
    if window.offsets.count * count > byAxis {
      interpolateByAxis(range, taps: window.taps, mean: mean)
    } else {
      interpolateEach(range, window, mean: mean)
    }
  }

  private func hiddenCountAndVisibleMean(_ range: Range<Int>) -> (Int, Float) {
    var count = 0
    var shown = 0.0
    hidden.withUnsafeBufferPointer { hidden in
      noisy.withUnsafeBufferPointer { noisy in
        for index in range {
          let isHidden = hidden[index] != 0
          count &+= isHidden ? 1 : 0
          shown += isHidden ? 0 : Double(noisy[index])
        }
      }
    }
    return (count, count < range.count ? Float(shown / Double(range.count - count)) : 0)
  }

  private mutating func interpolateEach(
    _ range: Range<Int>, _ window: Neighbourhood, mean: Float
  ) {
    let width = spatial[spatial.count - 1]
    for row in 0..<area / max(1, width) {
      let place = Array(spatial.dropLast()).position(of: row)
      let rowIsInside = window.fits(place)
      for x in 0..<width {
        let index = range.lowerBound + row * width + x
        guard hidden[index] != 0 else { continue }
        var weight: Float = 0
        var sum: Float = 0
        let isInside = rowIsInside && x >= window.radius && x + window.radius < width
        for tap in window.offsets.indices where isInside || window.holds(tap, place + [x]) {
          let neighbour = index + window.offsets[tap]
          // Selected, never multiplied: a hidden NaN must not reach its neighbours either.
          if hidden[neighbour] == 0 {
            weight += window.weights[tap]
            sum += window.weights[tap] * noisy[neighbour]
          }
        }
        input[index] = weight > 0 ? sum / weight : mean
      }
    }
  }

  private mutating func interpolateByAxis(_ range: Range<Int>, taps: [Float], mean: Float) {
    var visible = [Float](repeating: 0, count: area)
    var seen = visible
    for pixel in 0..<area where hidden[range.lowerBound + pixel] == 0 {
      visible[pixel] = 1
      seen[pixel] = noisy[range.lowerBound + pixel]
    }
    for axis in spatial.indices {
      visible = MaskedSample.weighted(visible, taps: taps, along: axis, of: spatial)
      seen = MaskedSample.weighted(seen, taps: taps, along: axis, of: spatial)
    }
    for (pixel, index) in range.enumerated() where hidden[index] != 0 {
      input[index] = visible[pixel] > 0 ? seen[pixel] / visible[pixel] : mean
    }
  }

  /// Sums of neighbours along an axis, zero beyond the border: a tap is a shift of all that lies
  /// between two steps of the axes before.
  private static func weighted(
    _ values: [Float], taps: [Float], along axis: Int, of shape: [Int]
  ) -> [Float] {
    let inner = shape[(axis + 1)...].product
    let length = shape[axis] * inner
    var result = [Float](repeating: 0, count: values.count)
    result.withUnsafeMutableBufferPointer { result in
      values.withUnsafeBufferPointer { values in
        guard let to = result.baseAddress, let from = values.baseAddress else { return }
        for start in stride(from: 0, to: values.count, by: max(1, length)) {
          for (tap, weight) in taps.enumerated() {
            let shift = (tap - taps.count / 2) * inner
            let first = start + max(0, -shift)
            let shifted = from + first + shift
            let sums = to + first
            for index in 0..<max(0, length - abs(shift)) { sums[index] += weight * shifted[index] }
          }
        }
      }
    }
    return result
  }
}

/// The neighbours of a pixel in an array of a shape, with their weights.
private struct Neighbourhood {
  let taps: [Float]
  let shape: [Int]
  let radius: Int
  /// Flat offsets of the neighbours, their weights, and their offsets along each axis.
  private(set) var offsets: [Int] = []
  private(set) var weights: [Float] = []
  private var steps: [[Int]] = []

  init(taps: [Float], shape: [Int]) {
    self.taps = taps
    self.shape = shape
    radius = taps.count / 2
    let strides = shape.strides
    let sides = shape.map { _ in taps.count }
    for index in 0..<sides.product {
      let place = sides.position(of: index)
      let step = place.map { $0 - radius }
      guard step.contains(where: { $0 != 0 }) else { continue }
      steps.append(step)
      offsets.append(zip(step, strides).reduce(0) { $0 + $1.0 * $1.1 })
      weights.append(place.reduce(1) { $0 * taps[$1] })
    }
  }

  /// Whether neighbours along the first axes lie inside, whichever they are.
  func fits(_ place: [Int]) -> Bool {
    place.indices.allSatisfy { place[$0] >= radius && place[$0] + radius < shape[$0] }
  }

  /// Whether one neighbour lies inside.
  func holds(_ tap: Int, _ place: [Int]) -> Bool {
    place.indices.allSatisfy { (0..<shape[$0]).contains(place[$0] + steps[tap][$0]) }
  }
}
