import TensorEngine

extension Sample {
  /// A cryo-ET-like tomogram: vesicles, ribosomes, filaments and small proteins, dark on grey, as
  /// seen through a tilt range of ±60 degrees about the y axis.
  static let tomogram = Sample(
    name: "tomogram",
    summary: "a cryo-ET-like tomogram (vesicles, ribosomes, filaments) with a missing wedge, 10 A",
    axes: "ZYX", defaultSize: [64, 128, 128], minimumSize: [8, 16, 16]
  ) { size, seed in
    var painter = TomogramPainter(shape: size, seed: seed)
    painter.paint()
    let values = try MissingWedge(maximumTilt: 60).applied(to: painter.canvas.values, shape: size)
    return [
      try Image(
        Tensor(values.map { -$0 }, shape: size), axes: "ZYX", voxel: [10, 10, 10], unit: "A",
        origin: [0, 0, 0])
    ]
  }
}

/// What a tilt series does not show: frequencies within 90 degrees minus the maximum tilt of the
/// beam's direction, z, for tilts about y.
struct MissingWedge {
  /// In degrees.
  let maximumTilt: Float

  /// Zeroes the wedge in the spectrum of each (z, x) plane, for it does not depend on the
  /// frequency along y.
  ///
  /// - Throws: `Interrupted`.
  func applied(to values: [Float], shape: [Int]) throws -> [Float] {
    let (height, width) = (shape[1], shape[2])
    let weights = weights(depth: shape[0], width: width)
    var spectrum = try Spectrum(of: values, shape: shape, axes: [0, 2])
    spectrum.multiply { weights[$0 / (height * width) * width + $0 % width] }
    return try spectrum.realPart(axes: [0, 2])
  }

  private func weights(depth: Int, width: Int) -> [Float] {
    let radians = maximumTilt * .pi / 180
    let slope = Elementary.sin(radians) / Elementary.cos(radians)
    return (0..<depth * width).map { index in
      let z = Float(min(index / width, depth - index / width)) / Float(depth)
      let x = Float(min(index % width, width - index % width)) / Float(width)
      if z == 0 { return 1 }
      // A soft edge over about one frequency step spares the volume ringing.
      return softEdge(slope * x - z, width: 2 / Float(width))
    }
  }
}

/// Paints densities in voxels of 10 Å: proteins about 1, membranes a little less.
private struct TomogramPainter {
  private(set) var canvas: Canvas
  private var stream: RandomStream
  private let shape: [Int]
  private var vesicles: [(center: [Float], radius: Float)] = []

  init(shape: [Int], seed: UInt64) {
    self.shape = shape
    canvas = Canvas(shape: shape)
    stream = RandomStream(seed: seed, purpose: .sample)
  }

  mutating func paint() {
    let volume = Float(shape.product)
    let unit = volume / 1_048_576
    for _ in 0..<max(2, Int(6 * unit)) { addVesicle() }
    for _ in 0..<max(1, Int(2 * unit)) { addMicrotubule() }
    for _ in 0..<max(2, Int(5 * unit)) { addActin() }
    for _ in 0..<max(3, Int(14 * unit)) { addRibosome() }
    for _ in 0..<Int(260 * unit) { addProtein() }
    let ice = SmoothField.make(shape: shape, scale: 24, stream: &stream)
    for index in canvas.values.indices { canvas.values[index] += 0.035 * ice[index] }
    canvas.blur(sigma: 0.6)
  }

  private mutating func place(margin: Float = 0) -> [Float] {
    shape.map { stream.uniform(-margin...Float($0) + margin) }
  }

  private mutating func direction() -> [Float] {
    let v = (0..<3).map { _ in stream.normal() }
    let length = max(0.001, v.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return v.map { $0 / length }
  }

  /// Somewhere clear of the other vesicles, if such a place is found.
  private mutating func freePlace(radius: Float) -> [Float]? {
    for _ in 0..<30 {
      let center = place(margin: -4)
      let free = vesicles.allSatisfy { other in
        let square = zip(center, other.center).reduce(Float(0)) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        return square.squareRoot() > 1.1 * (radius + other.radius) + 6
      }
      if free { return center }
    }
    return nil
  }

  /// Two leaflets 4 nm apart, around a slightly uneven ellipsoid, with proteins in the membrane.
  private mutating func addVesicle() {
    let radius = stream.uniform(10...24)
    let stretch = (0..<3).map { _ in stream.uniform(0.88...1.12) }
    guard let center = freePlace(radius: radius) else { return }
    vesicles.append((center, radius))
    let lumen = stream.uniform(-0.02...0.1)
    canvas.paint(around: center, radius: radius * 1.14 + 6) { offset, old in
      let distance = zip(offset, stretch).reduce(Float(0)) { sum, pair in
        sum + (pair.0 / pair.1) * (pair.0 / pair.1)
      }.squareRoot()
      let outer = (distance - radius - 2) / 0.9
      let inner = (distance - radius + 2) / 0.9
      guard distance < radius + 5 else { return old }
      let leaflets =
        Elementary.exp(-0.5 * outer * outer) + Elementary.exp(-0.5 * inner * inner)
      // Whatever was here before is pushed aside.
      let inside = softEdge(radius + 2 - distance, width: 3)
      return old * (1 - inside) + 0.78 * leaflets + lumen * inside
    }
    for _ in 0..<Int(radius * radius / 14) {
      let way = direction()
      let spot = zip(zip(center, way), stretch).map { pair, stretch in
        pair.0 + pair.1 * (radius + 4.5) * stretch
      }
      canvas.addSpot(at: spot, sigma: stream.uniform(1.2...2), height: stream.uniform(0.5...0.9))
    }
  }

  /// A hollow tube of 13 protofilaments, 25 nm wide, with subunits every 4 nm.
  private mutating func addMicrotubule() {
    let (start, along) = filament()
    let (side, up) = frame(of: along)
    let length = Float(shape.reduce(0) { max($0, $1) }) * 1.6
    for step in stride(from: -length / 2, to: length / 2, by: 2) {
      for strand in 0..<13 {
        let angle = 2 * Float.pi * Float(strand) / 13
        let (s, c) = (Elementary.sin(angle) * 10.5, Elementary.cos(angle) * 10.5)
        let rise = step + 12 * Float(strand) / 13
        let subunit: Float = Int(step / 2) % 2 == 0 ? 0.95 : 0.85
        let point = (0..<3).map { start[$0] + rise * along[$0] + s * side[$0] + c * up[$0] }
        canvas.addSpot(at: point, sigma: 1.75, height: subunit, blend: .max)
      }
    }
  }

  /// Two strands that wind about each other, 7 nm wide, half a turn every 36 nm.
  private mutating func addActin() {
    let (start, along) = filament()
    let (side, up) = frame(of: along)
    let length = stream.uniform(60...150)
    for step in stride(from: -length / 2, to: length / 2, by: 2.75) {
      for strand in 0..<2 {
        let angle = .pi * (step / 36 + Float(strand))
        let (s, c) = (Elementary.sin(angle) * 1.7, Elementary.cos(angle) * 1.7)
        let point = (0..<3).map { start[$0] + step * along[$0] + s * side[$0] + c * up[$0] }
        canvas.addSpot(at: point, sigma: 1.5, height: 0.85, blend: .max)
      }
    }
  }

  /// Filaments lie mostly in the plane of the ice.
  private mutating func filament() -> (start: [Float], along: [Float]) {
    let angle = stream.uniform(0...2 * .pi)
    let tilt = stream.uniform(-0.3...0.3)
    let along = [
      Elementary.sin(tilt), Elementary.cos(tilt) * Elementary.sin(angle),
      Elementary.cos(tilt) * Elementary.cos(angle),
    ]
    return (place(margin: -6), along)
  }

  /// Two directions at right angles to a third.
  private func frame(of along: [Float]) -> (side: [Float], up: [Float]) {
    let flat = max(0.001, (along[1] * along[1] + along[2] * along[2]).squareRoot())
    let side = [0, -along[2] / flat, along[1] / flat]
    let up = [
      along[1] * side[2] - along[2] * side[1], along[2] * side[0] - along[0] * side[2],
      along[0] * side[1] - along[1] * side[0],
    ]
    return (side, up)
  }

  /// A large and a small subunit, lumpy, about 25 nm together.
  private mutating func addRibosome() {
    let center = place(margin: 2)
    let way = direction()
    let other = zip(center, way).map { $0 + 8.5 * $1 }
    for (middle, radius, lumps) in [(center, Float(7.5), 60), (other, Float(5.2), 30)] {
      for _ in 0..<lumps {
        let out = direction()
        let reach = radius * Elementary.pow(stream.uniform(), 0.45)
        let spot = zip(middle, out).map { $0 + reach * $1 }
        canvas.addSpot(
          at: spot, sigma: stream.uniform(1.7...2.8), height: stream.uniform(0.75...1.15),
          blend: .max)
      }
    }
  }

  /// A protein of the cytosol, of a few lumps.
  private mutating func addProtein() {
    let center = place()
    for _ in 0..<stream.int(below: 4) + 1 {
      let spot = center.map { $0 + 1.8 * stream.normal() }
      canvas.addSpot(
        at: spot, sigma: stream.uniform(1.3...2), height: stream.uniform(0.3...0.7), blend: .max)
    }
  }
}
