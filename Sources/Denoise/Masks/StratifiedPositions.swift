import TensorEngine

/// Positions spread evenly: one at random in each box of a regular grid (Noise2Void).
enum StratifiedPositions {
  /// Side of a box that holds one position: the d-th root of 100 / percent, rounded.
  static func boxSide(percent: Double, dimensions: Int) -> Int {
    guard percent > 0, dimensions > 0 else { return Int(Int32.max) }
    let side = Elementary.pow(100 / percent, 1 / Double(dimensions))
    return max(1, Int(min(side, 1e9).rounded()))
  }

  /// Flat positions in an array of the shape. Boxes that stick out over the border yield a position
  /// with the share of them that lies inside, so the border is as likely as the middle. There is
  /// always at least one.
  static func draw(percent: Double, shape: [Int], stream: inout RandomStream) -> [Int] {
    let side = boxSide(percent: percent, dimensions: shape.count)
    let boxes = shape.map { ($0 + side - 1) / side }
    let strides = shape.strides
    var positions: [Int] = []
    for box in 0..<boxes.product {
      var index = 0
      var inside = true
      for (axis, place) in boxes.position(of: box).enumerated() {
        let coordinate = place * side + stream.int(below: side)
        inside = inside && coordinate < shape[axis]
        index += coordinate * strides[axis]
      }
      if inside { positions.append(index) }
    }
    if positions.isEmpty { positions.append(stream.int(below: shape.product)) }
    return positions
  }

  /// - Throws: `DenoiseError` where the share is not in (0, 100].
  static func check(percent: Double) throws {
    guard percent > 0, percent <= 100 else {
      throw DenoiseError("percent must be above 0 and at most 100, not \(percent.plain)")
    }
  }
}
