import TensorEngine

/// An n-d array that shapes are painted on, by their distance to points.
struct Canvas {
  let shape: [Int]
  var values: [Float]

  init(shape: [Int], background: Float = 0) {
    self.shape = shape
    values = Array(repeating: background, count: shape.product)
  }

  /// How painted values meet those that are there.
  enum Blend {
    case add
    /// The larger stays: strokes of many dots do not pile up.
    case max
  }

  /// Changes every element at most `radius` away from a centre along each axis.
  ///
  /// - Parameter paint: The new value, from the offset to the centre and the old value.
  mutating func paint(
    around center: [Float], radius: Float, _ paint: (_ offset: [Float], _ old: Float) -> Float
  ) {
    let middle = center.map { Int($0.rounded()) }
    let reach = Int(radius.rounded(.up)) + 1
    let inside = zip(middle, shape).allSatisfy { $0 > -reach && $0 < $1 + reach }
    guard inside else { return }
    let low = zip(middle, shape).map { Swift.max(0, Swift.min($1, $0 - reach)) }
    let high = zip(middle, shape).map { Swift.max(0, Swift.min($1, $0 + reach + 1)) }
    let box = Box(origin: low, size: zip(high, low).map(-))
    let last = shape.count - 1
    var offset = center
    box.forEachRow(in: shape) { row in
      let place = shape.position(of: row.lowerBound)
      for axis in 0..<last { offset[axis] = Float(place[axis]) - center[axis] }
      for (step, index) in row.enumerated() {
        offset[last] = Float(place[last] + step) - center[last]
        values[index] = paint(offset, values[index])
      }
    }
  }

  /// A spot whose profile is exp(-r^2 / 2 sigma^2).
  mutating func addSpot(
    at center: [Float], sigma: Float, height: Float, blend: Blend = .add
  ) {
    let scale = -0.5 / (sigma * sigma)
    paint(around: center, radius: 3 * sigma) { offset, old in
      let square = offset.reduce(0) { $0 + $1 * $1 }
      let value = height * Elementary.exp(scale * square)
      return blend == .add ? old + value : Swift.max(old, value)
    }
  }

  /// A line of soft spots along a path.
  mutating func stroke(_ path: [[Float]], sigma: Float, height: Float) {
    for point in path { addSpot(at: point, sigma: sigma, height: height, blend: .max) }
  }

  mutating func add(_ other: Canvas, weight: Float = 1) {
    for index in values.indices { values[index] += weight * other.values[index] }
  }

  mutating func map(_ change: (Float) -> Float) {
    for index in values.indices { values[index] = change(values[index]) }
  }

  mutating func blur(sigma: Double) {
    values = AxisFilter.gaussian(sigma: sigma, border: .symmetric)
      .applied(to: values, shape: shape, axes: shape.indices)
  }

  /// Scales the values to whole numbers from 0 to 255, both taken, as an 8-bit camera stores them.
  mutating func scaleToBytes() {
    guard let low = values.min(), let high = values.max(), high > low else { return }
    map { (($0 - low) * (255 / (high - low))).rounded() }
  }
}

/// 1 well inside an edge, 0 well outside, smooth in between.
func softEdge(_ depth: Float, width: Float = 1) -> Float {
  let t = min(1, max(0, depth / width + 0.5))
  return t * t * (3 - 2 * t)
}

/// Smooth random fields: random numbers on a coarse grid, joined smoothly.
enum SmoothField {
  /// Values of standard deviation about 1 that change over `scale` elements.
  static func make(
    shape: [Int], scale: Double, stream: inout RandomStream
  ) -> [Float] {
    let coarse = shape.map { Int((Double($0) / scale).rounded(.up)) + 3 }
    var values = (0..<coarse.product).map { _ in stream.normal() }
    var current = coarse
    for axis in shape.indices {
      values = join(values, shape: current, axis: axis, count: shape[axis], scale: scale)
      current[axis] = shape[axis]
    }
    let (mean, deviation) = values.meanAndDeviation
    let gain = deviation > 0 ? 1 / Float(deviation) : 1
    return values.map { ($0 - Float(mean)) * gain }
  }

  /// Uniform quadratic B-spline along one axis: no grid shows in the field.
  private static func join(
    _ values: [Float], shape: [Int], axis: Int, count: Int, scale: Double
  ) -> [Float] {
    let old = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    return ParallelArray.make(count: values.count / (old * inner) * count, each: inner) { rows in
      var result = [Float](repeating: 0, count: rows.count * inner)
      for (local, row) in rows.enumerated() {
        let place = Double(row % count) / scale
        let cell = Int(place)
        let t = Float(place - Double(cell))
        let weights = [0.5 * (1 - t) * (1 - t), 0.5 + t * (1 - t), 0.5 * t * t]
        for (step, weight) in weights.enumerated() {
          let from = (row / count * old + cell + step) * inner
          for offset in 0..<inner {
            result[local * inner + offset] += weight * values[from + offset]
          }
        }
      }
      return result
    }
  }
}
