import TensorEngine

extension Sample {
  /// A protein-like density: four copies of a chain of helices and loops about an axis.
  static let particle = Sample(
    name: "particle", summary: "a protein-like density of helices and loops, voxel 1.5 A",
    axes: "ZYX", defaultSize: [64, 64, 64], minimumSize: [24, 24, 24]
  ) { size, seed in
    [try ParticleModel(seed: seed).density(shape: size)]
  }

  /// Two independent half maps of the particle and the truth.
  static let halfmaps = Sample(
    name: "halfmaps",
    summary: "two half maps of a particle with independent coloured noise, and the truth",
    axes: "ZYX", defaultSize: [64, 64, 64], minimumSize: [24, 24, 24]
  ) { size, seed in
    let truth = try ParticleModel(seed: seed).density(shape: size)
    let level = truth.tensor.values.meanAndDeviation.deviation
    let halves = try (0..<2).map { half -> Image in
      // Noise of a reconstruction: correlated by the interpolation, with a white share.
      let number = 2 &* seed &+ UInt64(half)
      let smooth = try CorrelatedNoise(sigma: 1.1 * level, radius: 0.8)
      let white = try GaussianNoise(sigma: 0.7 * level)
      let once = try smooth.applied(to: truth, seed: number)
      return try white.applied(to: once, seed: ~number)
    }
    return halves + [truth]
  }
}

/// A chain of residues folded into a ball, repeated about the z axis.
private struct ParticleModel {
  /// Positions in Å about the middle.
  private var atoms: [[Float]] = []
  private var stream: RandomStream
  private let copies = 4
  /// Radius of the ball that one copy fills, in Å.
  private let globule: Float = 16

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: .sample)
    var position = center
    while atoms.count < 460 { addHelix(from: &position) }
  }

  private var center: [Float] { [0, 0, 20] }

  /// An alpha helix (1.5 Å rise and 100 degrees a residue), then a loop.
  private mutating func addHelix(from position: inout [Float]) {
    let along = heading(from: position)
    let side = normalized([along[1], -along[0], 0.001 + 0.2 * along[2]])
    let up = [
      along[1] * side[2] - along[2] * side[1], along[2] * side[0] - along[0] * side[2],
      along[0] * side[1] - along[1] * side[0],
    ]
    let residues = 8 + stream.int(below: 11)
    for residue in 0..<residues {
      let angle = Float(residue) * 100 * .pi / 180
      let (s, c) = (2.3 * Elementary.sin(angle), 2.3 * Elementary.cos(angle))
      let rise = 1.5 * Float(residue)
      let backbone = (0..<3).map { position[$0] + rise * along[$0] + s * side[$0] + c * up[$0] }
      atoms.append(backbone)
      // The side chain points away from the helix.
      let reach = stream.uniform(0.8...2.4)
      atoms.append(
        (0..<3).map { backbone[$0] + reach * (s * side[$0] + c * up[$0]) })
    }
    position = position.indices.map { position[$0] + 1.5 * Float(residues) * along[$0] }
    let loop = heading(from: position)
    for _ in 0..<3 + stream.int(below: 4) {
      position = position.indices.map { position[$0] + 3.2 * loop[$0] + 0.8 * stream.normal() }
      atoms.append(position)
    }
  }

  /// Of a few random directions, the one that leads to the emptiest place inside the ball.
  private mutating func heading(from position: [Float]) -> [Float] {
    var best: [Float] = [1, 0, 0]
    var widest = -Float.infinity
    for _ in 0..<10 {
      let way = normalized((0..<3).map { _ in stream.normal() })
      let end = zip(position, way).map { $0 + 14 * $1 }
      let nearest = atoms.reduce(Float(400)) { min($0, squaredDistance($1, end)) }.squareRoot()
      let room = nearest - 2 * max(0, squaredDistance(end, center).squareRoot() - globule)
      if room > widest { (best, widest) = (way, room) }
    }
    return best
  }

  private func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
    let (z, y, x) = (a[0] - b[0], a[1] - b[1], a[2] - b[2])
    return z * z + y * y + x * x
  }

  private func normalized(_ v: [Float]) -> [Float] {
    let length = max(0.001, v.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return v.map { $0 / length }
  }

  /// The density in voxels of 1.5 Å at about 4 Å resolution, scaled to a largest value of 1.
  func density(shape: [Int]) throws -> Image {
    let voxel: Float = 1.5
    var canvas = Canvas(shape: shape)
    for copy in 0..<copies {
      let angle = 2 * Float.pi * Float(copy) / Float(copies)
      let (s, c) = (Elementary.sin(angle), Elementary.cos(angle))
      for atom in atoms {
        let turned = [atom[0], c * atom[1] - s * atom[2], s * atom[1] + c * atom[2]]
        let place = zip(turned, shape).map { $0 / voxel + Float($1 - 1) / 2 }
        canvas.addSpot(at: place, sigma: 1.05, height: 1)
      }
    }
    let top = max(0.001, canvas.values.max() ?? 1)
    return try Image(
      Tensor(canvas.values.map { $0 / top }, shape: shape), axes: "ZYX", voxel: [1.5, 1.5, 1.5],
      unit: "A", origin: [0, 0, 0])
  }
}
