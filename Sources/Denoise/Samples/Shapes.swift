import TensorEngine

extension Sample {
  /// A still life of edges, textures and gradients: what tells a blurring denoiser from a good one.
  static let shapes = Sample(
    name: "shapes", summary: "a grey scene of edges, fine textures and gradients, 0 ... 255",
    axes: "YX", defaultSize: [256, 256], minimumSize: [32, 32]
  ) { size, seed in
    var painter = ShapePainter(shape: size, seed: seed)
    painter.paint()
    var canvas = painter.canvas
    canvas.blur(sigma: 0.45)
    canvas.scaleToBytes()
    return [try Image(Tensor(canvas.values, shape: size), axes: "YX", stored: .uint8)]
  }
}

/// Paints on a square of side 1 that is fitted to the canvas's shorter side.
private struct ShapePainter {
  private(set) var canvas: Canvas
  private var stream: RandomStream
  private let side: Float

  init(shape: [Int], seed: UInt64) {
    canvas = Canvas(shape: shape)
    stream = RandomStream(seed: seed, purpose: .sample)
    side = Float(shape.min() ?? 1)
  }

  mutating func paint() {
    let clouds = SmoothField.make(shape: canvas.shape, scale: Double(side) / 5, stream: &stream)
    let height = Float(canvas.shape[0])
    for index in canvas.values.indices {
      let row = Float(index / canvas.shape[1]) / height
      canvas.values[index] = 150 - 60 * row + 14 * clouds[index]
    }
    for _ in 0..<7 {
      addDisc()
      addPolygon()
    }
    addTextured(.checker)
    addTextured(.chirp)
    addTextured(.weave)
    addTextured(.grain)
    for _ in 0..<14 { addLine() }
    for _ in 0..<40 { addDot() }
  }

  private mutating func place() -> [Float] {
    canvas.shape.map { stream.uniform(0...Float($0)) }
  }

  private mutating func addDisc() {
    let radius = side * stream.uniform(0.04...0.13)
    let tone = stream.uniform(15...245)
    let shade = stream.uniform(-0.35...0.35)
    canvas.paint(around: place(), radius: radius + 1) { offset, old in
      let distance = (offset[0] * offset[0] + offset[1] * offset[1]).squareRoot()
      let inside = softEdge(radius - distance)
      return old * (1 - inside) + inside * tone * (1 + shade * offset[0] / radius)
    }
  }

  private mutating func addPolygon() {
    let radius = side * stream.uniform(0.05...0.16)
    let corners = 3 + stream.int(below: 4)
    let turn = stream.uniform(0...2 * .pi)
    let normals = (0..<corners).map { corner -> (Float, Float) in
      let angle = turn + 2 * .pi * Float(corner) / Float(corners)
      return (Elementary.sin(angle), Elementary.cos(angle))
    }
    let apothem = radius * stream.uniform(0.5...0.8)
    let tone = stream.uniform(10...250)
    canvas.paint(around: place(), radius: radius * 1.7) { offset, old in
      let depth = normals.map { apothem - offset[0] * $0.0 - offset[1] * $0.1 }.min() ?? 0
      let inside = softEdge(depth)
      return old * (1 - inside) + inside * tone
    }
  }

  private enum Texture { case checker, chirp, weave, grain }

  /// A turned square filled with a texture.
  private mutating func addTextured(_ texture: Texture) {
    let half = side * stream.uniform(0.11...0.16)
    let turn = stream.uniform(0...0.7)
    let (s, c) = (Elementary.sin(turn), Elementary.cos(turn))
    let tile = stream.uniform(3.5...6)
    let grain = SmoothField.make(shape: [128, 128], scale: 2.4, stream: &stream)
    let margin = side * 0.2
    let center = canvas.shape.map { stream.uniform(margin...max(margin, Float($0) - margin)) }
    canvas.paint(around: center, radius: 1.5 * half) { offset, old in
      let u = c * offset[1] + s * offset[0]
      let v = c * offset[0] - s * offset[1]
      let inside = softEdge(half - max(abs(u), abs(v)))
      guard inside > 0 else { return old }
      let value: Float
      switch texture {
      case .checker:
        let wave = Elementary.sin(.pi * u / tile) * Elementary.sin(.pi * v / tile)
        value = wave > 0 ? 200 : 55
      case .chirp: value = 128 + 90 * Elementary.sin((u * u + v * v) * 0.9 / half)
      case .weave:
        value = 120 + 45 * Elementary.sin(2 * .pi * u / tile) + 45 * Elementary.sin(2 * .pi * v / 7)
      case .grain:
        value = 130 + 24 * grain[(Int(v + 1024) & 127) * 128 + Int(u + 1024) & 127]
      }
      return old * (1 - inside) + inside * value
    }
  }

  /// A straight thin line, as a cable or a mast.
  private mutating func addLine() {
    let start = place()
    let angle = stream.uniform(0...2 * .pi)
    let length = side * stream.uniform(0.15...0.5)
    let tone: Float = stream.bernoulli(0.5) ? 20 : 235
    let width = stream.uniform(0.6...1.4)
    for step in stride(from: Float(0), to: length, by: 0.5) {
      let point = [
        start[0] + step * Elementary.sin(angle), start[1] + step * Elementary.cos(angle),
      ]
      canvas.paint(around: point, radius: 2) { offset, old in
        let distance = (offset[0] * offset[0] + offset[1] * offset[1]).squareRoot()
        let inside = softEdge(width - distance)
        return old * (1 - inside) + inside * tone
      }
    }
  }

  private mutating func addDot() {
    let sign: Float = stream.bernoulli(0.5) ? 1 : -1
    canvas.addSpot(at: place(), sigma: stream.uniform(0.7...1.6), height: sign * 90)
  }
}
