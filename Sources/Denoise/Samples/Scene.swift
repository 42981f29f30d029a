import TensorEngine

extension Sample {
  /// A picture in colour: hills in depth under a sky, with a house and trees.
  static let scene = Sample(
    name: "scene", summary: "a landscape in colour (channels red, green, blue), 0 ... 255",
    axes: "CYX", defaultSize: [3, 256, 256], minimumSize: [3, 64, 64]
  ) { size, seed in
    guard size[0] == 3 else {
      throw DenoiseError("sample \"scene\" has 3 channels, not \(size[0])")
    }
    let painter = ScenePainter(height: size[1], width: size[2], seed: seed)
    let canvases = painter.painted()
    let values = canvases.flatMap(\.values).map { min(255, max(0, $0)).rounded() }
    return [
      try Image(
        Tensor(values, shape: size), axes: "CYX", stored: .uint8,
        channels: ["red", "green", "blue"])
    ]
  }
}

/// Paints three colour planes; lengths are shares of the height.
private struct ScenePainter {
  private typealias Color = [Float]
  private let height: Int
  private let width: Int
  private var stream: RandomStream
  private var planes: [Canvas]

  init(height: Int, width: Int, seed: UInt64) {
    self.height = height
    self.width = width
    stream = RandomStream(seed: seed, purpose: .sample)
    planes = (0..<3).map { _ in Canvas(shape: [height, width]) }
  }

  func painted() -> [Canvas] {
    var painter = self
    painter.addSky()
    for layer in 0..<4 { painter.addHills(layer) }
    painter.addHouse()
    for _ in 0..<13 { painter.addTree() }
    for channel in 0..<3 { painter.planes[channel].blur(sigma: 0.5) }
    return painter.planes
  }

  /// Colours pixels: of each, how much of it (0...1) the thing painted covers, and its colour.
  private mutating func fill(_ paint: (_ y: Int, _ x: Int) -> (cover: Float, color: Color)) {
    for y in 0..<height {
      for x in 0..<width {
        let (cover, color) = paint(y, x)
        let index = y * width + x
        for channel in 0..<3 where cover > 0 {
          planes[channel].values[index] += cover * (color[channel] - planes[channel].values[index])
        }
      }
    }
  }

  private mutating func addSky() {
    let (height, width) = (height, width)
    let clouds = SmoothField.make(
      shape: [height, width], scale: Double(height) / 7, stream: &stream)
    let wisps = SmoothField.make(
      shape: [height, width], scale: Double(height) / 20, stream: &stream)
    fill { y, x in
      let depth = Float(y) / Float(height)
      let cloud = softEdge(clouds[y * width + x] + 0.4 * wisps[y * width + x] - 0.6, width: 1.6)
      let blue: Color = [90 + 120 * depth, 145 + 75 * depth, 215 + 20 * depth]
      return (1, zip(blue, [240, 240, 238] as Color).map { $0 + cloud * ($1 - $0) })
    }
  }

  private mutating func addHills(_ layer: Int) {
    let (height, width) = (height, width)
    let ridge = SmoothField.make(shape: [width], scale: Double(width) / 6, stream: &stream)
    let jag = SmoothField.make(shape: [width], scale: 9, stream: &stream)
    let grass = SmoothField.make(shape: [height, width], scale: 1.8, stream: &stream)
    let patches = SmoothField.make(shape: [height, width], scale: 22, stream: &stream)
    let near = Float(layer) / 3
    let top = Float(height) * (0.42 + 0.15 * Float(layer))
    let hue = stream.uniform(-12...12)
    fill { y, x in
      let line = top + Float(height) * (0.05 * ridge[x] + 0.006 * near * jag[x])
      let index = y * width + x
      let light = (6 + 17 * near) * grass[index] * near + 13 * patches[index]
      let red = 130 - 38 * near + light + hue
      return (
        softEdge(Float(y) - line),
        [red, 150 - 22 * near + light, 165 - 115 * near + 0.6 * light]
      )
    }
  }

  private mutating func addHouse() {
    let unit = Float(height) / 100
    let left = Float(width) * stream.uniform(0.25...0.55)
    let base = Float(height) * 0.84
    addWall(unit: unit, left: left, base: base)
    addRoof(unit: unit, left: left, base: base - 17 * unit)
    for window in 0..<3 {
      addWindow(unit: unit, left: left + (4 + 9 * Float(window)) * unit, top: base - 13 * unit)
    }
  }

  /// Courses of brick, each row shifted by half a stone.
  private mutating func addWall(unit: Float, left: Float, base: Float) {
    fill { y, x in
      let inside = min(
        min(Float(x) - left, left + 30 * unit - Float(x)),
        min(Float(y) - base + 17 * unit, base - Float(y)))
      let row = Int(Float(y) / (1.6 * unit))
      let shift: Float = row % 2 == 0 ? 0 : 2
      let joint =
        Float(y).truncatingRemainder(dividingBy: 1.6 * unit) < 1
        || (Float(x) + shift * unit).truncatingRemainder(dividingBy: 4 * unit) < 1
      return (softEdge(inside), joint ? [196, 186, 172] : [168, 84, 62])
    }
  }

  /// A trapezium of tiles whose foot is at `base`.
  private mutating func addRoof(unit: Float, left: Float, base: Float) {
    fill { y, x in
      let up = (base - Float(y)) / (12 * unit)
      let (from, to) = (left + (12 * up - 3) * unit, left + (33 - 12 * up) * unit)
      let inside = min(min(Float(x) - from, to - Float(x)), min(up, 1 - up) * 12 * unit)
      return (softEdge(inside), Int(Float(y) / unit) % 2 == 0 ? [92, 62, 66] : [112, 78, 80])
    }
  }

  private mutating func addWindow(unit: Float, left: Float, top: Float) {
    fill { y, x in
      let (across, down) = (Float(x) - left, Float(y) - top)
      let inside = min(min(across, 5 * unit - across), min(down, 7 * unit - down))
      let bar = abs(across - 2.5 * unit) < 0.5 || abs(down - 3.5 * unit) < 0.5
      return (softEdge(inside), bar ? [235, 232, 220] : [52, 66, 88])
    }
  }

  private mutating func addTree() {
    let near = stream.uniform(0...1)
    let size = Float(height) * (0.02 + 0.06 * near)
    let foot = [Float(height) * (0.66 + 0.3 * near), Float(width) * stream.uniform(0...1)]
    let leaves = SmoothField.make(shape: [64, 64], scale: 2.2, stream: &stream)
    let tint = stream.uniform(-18...18)
    for channel in 0..<3 {
      let trunk: Float = [78, 58, 44][channel]
      let leaf = [58 + tint, 96 + 0.5 * tint, 44][channel]
      planes[channel].paint(around: [foot[0] - 0.5 * size, foot[1]], radius: size) { offset, old in
        let inside = softEdge(min(0.1 * size - abs(offset[1]), 0.5 * size - abs(offset[0])))
        return old + inside * (trunk - old)
      }
      planes[channel].paint(around: [foot[0] - 1.5 * size, foot[1]], radius: 1.5 * size) {
        offset, old in
        let noise = leaves[((Int(offset[0]) + 32) & 63) * 64 + ((Int(offset[1]) + 32) & 63)]
        let distance = (offset[0] * offset[0] / 1.3 + offset[1] * offset[1]).squareRoot()
        let inside = softEdge(size * (1 + 0.12 * noise) - distance, width: 1.5)
        let light = 1 - 0.3 * offset[1] / size + 0.22 * noise
        return old + inside * (leaf * light - old)
      }
    }
  }
}
