import TensorEngine

extension Sample {
  /// Fluorescence-like cells: bodies with nuclei, filaments and puncta.
  static let cells = Sample(
    name: "cells", summary: "fluorescence-like cells with nuclei, filaments and puncta, 0 ... 255",
    axes: "YX", defaultSize: [256, 256], minimumSize: [16, 16]
  ) { size, seed in
    var stream = RandomStream(seed: seed, purpose: .sample)
    var painter = CellPainter(shape: size, seed: seed)
    let area = Float(size.product)
    let count = max(2, Int(area / 5_200))
    let haze = SmoothField.make(shape: size, scale: 70, stream: &stream)
    for _ in 0..<count { painter.addCell() }
    var canvas = painter.canvas
    canvas.add(painter.fibres)
    for index in canvas.values.indices { canvas.values[index] += 9 + 3 * haze[index] }
    canvas.blur(sigma: 0.7)
    canvas.scaleToBytes()
    return [
      try Image(
        Tensor(canvas.values, shape: size), axes: "YX", voxel: [0.1, 0.1], unit: "um",
        stored: .uint8)
    ]
  }
}

/// Paints cells one by one, each a soft blob with an outline of a few harmonics.
private struct CellPainter {
  private(set) var canvas: Canvas
  private(set) var fibres: Canvas
  private var stream: RandomStream
  private var centers: [[Float]] = []

  init(shape: [Int], seed: UInt64) {
    canvas = Canvas(shape: shape)
    fibres = canvas
    stream = RandomStream(seed: seed, purpose: .sample, sample: 1)
  }

  mutating func addCell() {
    let outline = Outline(radius: stream.uniform(24...38), roughness: 0.13, stream: &stream)
    let center = freePlace(distance: 1.35 * outline.radius)
    centers.append(center)
    let texture = SmoothField.make(
      shape: [96, 96], scale: 7, stream: &stream)
    let body = stream.uniform(26...48)
    canvas.paint(around: center, radius: 1.6 * outline.radius) { offset, old in
      let depth = outline.depth(offset)
      guard depth > -4 else { return old }
      let row = min(95, max(0, Int(offset[0]) + 48))
      let column = min(95, max(0, Int(offset[1]) + 48))
      // Thicker, so brighter, towards the middle.
      let thickness = 0.55 + 0.45 * min(1, max(0, depth / (0.7 * outline.radius)))
      let value = body * thickness * (1 + 0.16 * texture[row * 96 + column])
      return max(old, old * 0.3 + value * softEdge(depth, width: 4))
    }
    addFilaments(outline, center: center)
    addNucleus(outline, center: center)
    addPuncta(outline, center: center)
  }

  /// Somewhere not too near other cells, if such a place is found.
  private mutating func freePlace(distance: Float) -> [Float] {
    var best: [Float] = []
    var widest: Float = -1
    for _ in 0..<40 {
      let place = canvas.shape.map { stream.uniform(-4...Float($0) + 4) }
      let nearest = centers.map { other in
        zip(place, other).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }.min()
      guard let nearest else { return place }
      if nearest > widest { (best, widest) = (place, nearest) }
      if nearest > distance { break }
    }
    return best
  }

  /// Curved fibres from around the nucleus to the rim.
  private mutating func addFilaments(_ outline: Outline, center: [Float]) {
    for _ in 0..<stream.int(below: 10) + 16 {
      var angle = stream.uniform(0...2 * .pi)
      let start = stream.uniform(0.35...0.65) * outline.radius
      var point = [
        center[0] + start * Elementary.sin(angle), center[1] + start * Elementary.cos(angle),
      ]
      angle += stream.uniform(-1...1)
      var bend: Float = 0
      var path: [[Float]] = []
      for _ in 0..<Int(outline.radius * 2.6) {
        guard outline.depth([point[0] - center[0], point[1] - center[1]]) > 1.5 else { break }
        path.append(point)
        bend = 0.92 * bend + 0.02 * stream.normal()
        angle += bend
        point = [point[0] + 0.6 * Elementary.sin(angle), point[1] + 0.6 * Elementary.cos(angle)]
      }
      fibres.stroke(path, sigma: stream.uniform(0.7...1.1), height: stream.uniform(22...60))
    }
  }

  /// A bright ellipse with a granular inside and two or three dark or bright nucleoli.
  private mutating func addNucleus(_ outline: Outline, center: [Float]) {
    let nucleus = Outline(
      radius: outline.radius * stream.uniform(0.34...0.42), roughness: 0.05, stream: &stream)
    let place = center.map { $0 + stream.uniform(-0.15...0.15) * outline.radius }
    let texture = SmoothField.make(shape: [64, 64], scale: 3.5, stream: &stream)
    let height = stream.uniform(80...135)
    canvas.paint(around: place, radius: 1.5 * nucleus.radius) { offset, old in
      let share = softEdge(nucleus.depth(offset), width: 2.5)
      guard share > 0 else { return old }
      let row = min(63, max(0, Int(offset[0]) + 32))
      let column = min(63, max(0, Int(offset[1]) + 32))
      let value = height * (1 + 0.13 * texture[row * 64 + column])
      return old * (1 - 0.8 * share) + value * share
    }
    for _ in 0..<stream.int(below: 2) + 2 {
      let spot = place.map { $0 + stream.uniform(-0.5...0.5) * nucleus.radius }
      canvas.addSpot(
        at: spot, sigma: stream.uniform(1.3...2.4), height: height * stream.uniform(-0.5...0.35))
    }
  }

  /// Small bright vesicles.
  private mutating func addPuncta(_ outline: Outline, center: [Float]) {
    for _ in 0..<stream.int(below: 16) + 12 {
      let angle = stream.uniform(0...2 * .pi)
      let distance = stream.uniform(0.4...0.95) * outline.radius
      let place = [
        center[0] + distance * Elementary.sin(angle), center[1] + distance * Elementary.cos(angle),
      ]
      canvas.addSpot(
        at: place, sigma: stream.uniform(0.8...1.4), height: stream.uniform(40...150))
    }
  }
}

/// A closed curve around a point: an ellipse with a few harmonics.
private struct Outline {
  let radius: Float
  private let stretch: Float
  private let turn: Float
  private let waves: [(amplitude: Float, cosine: Float, sine: Float)]

  init(radius: Float, roughness: Float, stream: inout RandomStream) {
    self.radius = radius
    stretch = stream.uniform(1...1.3)
    turn = stream.uniform(0...2 * .pi)
    waves = (2..<6).map { harmonic in
      let phase = stream.uniform(0...2 * .pi)
      return (
        2 * roughness * stream.normal() / Float(harmonic), Elementary.cos(phase),
        Elementary.sin(phase)
      )
    }
  }

  /// About how far inside the curve a point is; negative outside.
  func depth(_ offset: [Float]) -> Float {
    let (s, c) = (Elementary.sin(turn), Elementary.cos(turn))
    let u = (c * offset[1] + s * offset[0]) / stretch
    let v = (c * offset[0] - s * offset[1]) * stretch
    let distance = (u * u + v * v).squareRoot()
    guard distance > 0.01 else { return radius }
    // Harmonics of the angle, by the recurrence of the complex powers of its direction.
    let (x, y) = (u / distance, v / distance)
    var (real, imaginary) = (x, y)
    var rim: Float = 1
    for wave in waves {
      (real, imaginary) = (real * x - imaginary * y, real * y + imaginary * x)
      rim += wave.amplitude * (real * wave.cosine + imaginary * wave.sine)
    }
    return radius * rim - distance
  }
}
