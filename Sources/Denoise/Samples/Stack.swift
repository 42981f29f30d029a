import TensorEngine

extension Sample {
  /// Frames of a counting detector behind a turning crystal.
  static let stack = Sample(
    name: "stack",
    summary: "detector frames of a turning crystal: rings, spots and a beam stop, in mean counts",
    axes: "SYX", defaultSize: [24, 128, 128], minimumSize: [1, 32, 32]
  ) { size, seed in
    let pattern = DiffractionPattern(side: Float(min(size[1], size[2])), seed: seed)
    let frames = Parallel.map(size[0]) { pattern.frame($0, height: size[1], width: size[2]) }
    return [try Image(Tensor(frames.flatMap { $0 }, shape: size), axes: "SYX")]
  }
}

/// The expected counts of each pixel as the crystal turns.
private struct DiffractionPattern {
  private struct Spot {
    let radius: Float
    let angle: Float
    /// Frame at which the spot is brightest, and for how many frames it lasts.
    let peak: Float
    let life: Float
    let counts: Float
  }

  private let rings: [(radius: Float, width: Float, counts: Float)]
  private let spots: [Spot]
  private let wobble: [Float]
  private let side: Float

  init(side: Float, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .sample)
    self.side = side
    let radii: [Float] = [0.17, 0.24, 0.31, 0.36, 0.44]
    rings = radii.map { radius in
      (side * radius, stream.uniform(0.9...1.6), stream.uniform(8...26) * (0.6 - radius))
    }
    spots = (0..<150).map { index in
      Spot(
        radius: side * radii[index % radii.count] + 0.6 * stream.normal(),
        angle: stream.uniform(0...2 * .pi), peak: stream.uniform(-4...80),
        life: stream.uniform(2...7), counts: 20 + 140 * Elementary.pow(stream.uniform(), 3))
    }
    wobble = (0..<64).map { _ in stream.uniform(0.95...1.05) }
  }

  func frame(_ number: Int, height: Int, width: Int) -> [Float] {
    let time = Float(number)
    let center = [Float(height) / 2 - 0.5 + 0.02 * time, Float(width) / 2 - 0.5]
    var canvas = Canvas(shape: [height, width])
    for index in canvas.values.indices {
      let y = Float(index / width) - center[0]
      let x = Float(index % width) - center[1]
      let radius = (y * y + x * x).squareRoot()
      let share = radius / side
      var counts = 1.2 + 26 / (1 + 90 * share * share)
      for ring in rings {
        let off = (radius - ring.radius) / ring.width
        if abs(off) < 4 { counts += ring.counts * Elementary.exp(-0.5 * off * off) }
      }
      canvas.values[index] = counts
    }
    for spot in spots {
      let age = (time - spot.peak.truncatingRemainder(dividingBy: 32)) / spot.life
      guard abs(age) < 3 else { continue }
      let angle = spot.angle + 0.012 * time
      canvas.addSpot(
        at: [
          center[0] + spot.radius * Elementary.sin(angle),
          center[1] + spot.radius * Elementary.cos(angle),
        ], sigma: 1.1, height: spot.counts * Elementary.exp(-0.5 * age * age))
    }
    shade(&canvas, center: center)
    let drift = wobble[number % wobble.count]
    return canvas.values.map { $0 * drift }
  }

  /// The beam stop, and the arm that holds it.
  private func shade(_ canvas: inout Canvas, center: [Float]) {
    let width = canvas.shape[1]
    let radius = 0.055 * side
    for index in canvas.values.indices {
      let y = Float(index / width) - center[0]
      let x = Float(index % width) - center[1]
      let stop = softEdge(radius - (y * y + x * x).squareRoot(), width: 2)
      let arm = y > 0 ? softEdge(0.016 * side - abs(x), width: 1.5) : 0
      canvas.values[index] *= 1 - 0.97 * max(stop, arm)
    }
  }
}
