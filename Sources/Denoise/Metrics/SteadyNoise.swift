import TensorEngine

/// Noise as it shows in the blocks of images that vary least.
///
/// Blocks are compared with others of their brightness, and the steadiest kept; what is left there
/// once slopes are taken off is mostly noise. What of it is signal makes neighbours more alike, and
/// not alike at every brightness: so the brightness with the smallest correlation tells the
/// noise's.
package struct SteadyNoise {
  package let correlation: NoiseCorrelation
  /// The noise's standard deviation at some brightnesses.
  let deviations: [(brightness: Double, deviation: Double)]
  /// Whether neighbours share some of the noise, as far as can be told. Of signals nothing can:
  /// what is smooth in them is alike among neighbours itself.
  package let isShared: Bool

  /// Sides of blocks of signals, pictures and volumes, how far noise is thought to be shared, and
  /// how far apart elements are compared.
  private static let sides = [64, 16, 8]
  private static let reaches = [4, 4, 3]
  private static let distances = [8, 8, 5]
  private static let mostBlocks = 1 << 12
  private static let mostGroups = 8
  private static let fewestOfGroup = 8
  /// Of a group.
  private static let steadyShare = 0.05
  /// Groups of blocks as alike as this are averaged.
  private static let tolerance = 0.05
  /// Correlations of neighbours below this are taken for chance, or for what is left of the signal.
  private static let leastShared = 0.18
  /// Of the groups, of which there must be some: textures are not alike at so many brightnesses.
  private static let leastAlike = 0.3
  private static let fewestAlike = 2
  private static let fewestGroups = 3
  /// What is still alike beyond the reach, of the correlation of neighbours and by chance: lattices
  /// and waves are signal.
  private static let mostFar = 0.35
  private static let mostFarByChance = 0.04
  /// White noise over a texture falls off at the first pixel and hardly beyond; noise that was
  /// blurred goes on falling. The second coefficient is at most the first to this power, and so
  /// much by chance.
  private static let decay = 1.5
  private static let mostByChance = 0.05
  /// How far below the mean the variances of the steadiest blocks lie, in standard deviations: of
  /// the least twentieth of alike blocks 2.1, of the least fifth 1.4.
  private static let selection = 1.6
  /// Of a variance.
  private static let mostTaken = 0.7

  /// - Parameter images: as measured; their planes have alike noise, but for its strength.
  /// - Returns: nil where images are too small, or nothing varies.
  /// - Throws: `DenoiseError` for images without space.
  package init?(of images: [Image]) throws {
    var blocks: [SteadyBlock] = []
    for image in images {
      let planes = try Planes(of: image)
      for plane in 0..<planes.count {
        blocks += SteadyNoise.blocks(of: planes.values(plane), shape: planes.spatial)
      }
    }
    let groups = SteadyNoise.groups(of: blocks)
    let found = groups.map { SteadyNoise.mean($0.map(\.correlation)) }
    guard let least = found.map(SteadyNoise.nearest).min() else { return nil }
    let alike = found.indices.filter {
      SteadyNoise.nearest(found[$0]) <= least + SteadyNoise.tolerance
    }
    let all = SteadyNoise.mean(alike.map { found[$0] })
    let reach = SteadyNoise.reaches[all.count - 1]
    let mean = all.map { Array($0.prefix(reach)) }
    // Mean and slopes took some of the noise along: what is farthest is not alike.
    let taken = mean.map { axis in min(SteadyNoise.mostTaken, max(0, -(axis.last ?? 0))) }
    let lost = taken.reduce(0, +) / Double(taken.count)
    let mended = mean.map { axis in
      axis.map { min(1, max(-1, ($0 + lost) / (1 + lost))) }
    }
    guard let correlation = NoiseCorrelation(coefficients: mended) else { return nil }
    self.correlation = correlation
    let isCommon =
      groups.count >= SteadyNoise.fewestGroups && alike.count >= SteadyNoise.fewestAlike
      && Double(alike.count) >= SteadyNoise.leastAlike * Double(groups.count)
    let far = all.flatMap { $0.dropFirst(reach) }.map { abs($0) }.max() ?? 0
    isShared = all.count >= 2 && isCommon && SteadyNoise.fallsOff(mended, far: far)
    let size = Double(groups[0][0].count)
    let spread = (2 * correlation.sumOfSquares / size).squareRoot()
    let chosen = max(1 - SteadyNoise.mostTaken, 1 - SteadyNoise.selection * spread)
    deviations = alike.map { index in
      let group = groups[index]
      let variance = group.reduce(0) { $0 + $1.variance } / Double(group.count)
      return (
        group.reduce(0) { $0 + $1.brightness } / Double(group.count),
        (variance * (1 + lost) / chosen).squareRoot()
      )
    }
  }

  /// The middle of the standard deviations.
  package var deviation: Double { deviations.map(\.deviation).median ?? 0 }

  /// The noise of images whose neighbours share some of it; nil for others.
  ///
  /// - Throws: `DenoiseError` for images without space.
  static func shared(of images: [Image]) throws -> SteadyNoise? {
    guard let found = try SteadyNoise(of: images), found.isShared else { return nil }
    return found
  }

  /// Whether coefficients are too large for chance and fall off as those of noise do.
  ///
  /// - Parameter far: the largest coefficient beyond them.
  private static func fallsOff(_ coefficients: [[Double]], far: Double) -> Bool {
    guard let strongest = coefficients.max(by: { $0[0] < $1[0] }), strongest[0] > leastShared
    else { return false }
    return far < mostFar * strongest[0] + mostFarByChance
      && strongest[1] < Elementary.pow(strongest[0], decay) + mostByChance
  }

  private static func nearest(_ coefficients: [[Double]]) -> Double {
    coefficients.reduce(0) { $0 + $1[0] } / Double(coefficients.count)
  }

  private static func mean(_ all: [[[Double]]]) -> [[Double]] {
    all[0].indices.map { axis in
      all[0][axis].indices.map { distance in
        all.reduce(0) { $0 + $1[axis][distance] } / Double(all.count)
      }
    }
  }

  /// Blocks that overlap by half, or fewer where they would be very many.
  private static func blocks(of values: [Float], shape: [Int]) -> [SteadyBlock] {
    let side = sides[shape.count - 1]
    guard shape.allSatisfy({ $0 >= side }), let low = values.min(), let high = values.max() else {
      return []
    }
    var step = side / 2
    func grid() -> [Int] { shape.map { ($0 - side) / step + 1 } }
    while grid().product > mostBlocks { step += 1 }
    let counts = grid()
    return Parallel.map(counts.product) { index in
      let box = Box(
        origin: counts.position(of: index).map { $0 * step }, size: shape.map { _ in side })
      return SteadyBlock(
        box.values(of: values, shape: shape), shape: box.size, limits: (low, high),
        distances: distances[shape.count - 1])
    }.compactMap { $0 }
  }

  /// For each of some ranges of brightness the blocks that vary least.
  private static func groups(of blocks: [SteadyBlock]) -> [[SteadyBlock]] {
    let count = min(mostGroups, blocks.count / (2 * fewestOfGroup))
    guard count > 0 else { return [] }
    let order = blocks.sorted { $0.brightness < $1.brightness }
    return (0..<count).map { group in
      let all = order[group * order.count / count..<(group + 1) * order.count / count]
      let kept = max(fewestOfGroup, Int(Double(all.count) * steadyShare))
      return Array(all.sorted { $0.variance < $1.variance }.prefix(kept))
    }
  }
}

/// What varies in a block of an image but for a slope.
private struct SteadyBlock {
  let brightness: Double
  let variance: Double
  /// As in `NoiseCorrelation`.
  let correlation: [[Double]]
  /// Elements.
  let count: Int

  /// Of a block: as many may be the image's least or largest value, which may be clipped.
  private static let mostClipped = 0.02

  /// - Parameters:
  ///   - shape: equal sides.
  ///   - limits: the image's least and largest value.
  ///   - distances: how far apart neighbours are compared.
  /// - Returns: nil where values were clipped, nothing varies, or not all are numbers.
  init?(_ block: [Float], shape: [Int], limits: (low: Float, high: Float), distances: Int) {
    let clipped = block.count { $0 == limits.low || $0 == limits.high }
    guard Double(clipped) <= SteadyBlock.mostClipped * Double(block.count) else { return nil }
    let mean = block.average
    var rest = block.map { Double($0) - mean }
    let (strides, side) = (shape.strides, shape[0])
    // Places along an axis, around 0, which are at right angles to a constant and to each other.
    let ramp = (0..<side).map { Double($0) - Double(side - 1) / 2 }
    let squares = ramp.reduce(0) { $0 + $1 * $1 } * Double(block.count / side)
    for axis in shape.indices {
      let places = rest.indices.map { ramp[$0 / strides[axis] % side] }
      let slope = zip(rest, places).reduce(0) { $0 + $1.0 * $1.1 } / squares
      for index in rest.indices { rest[index] -= slope * places[index] }
    }
    let variance = rest.reduce(0) { $0 + $1 * $1 } / Double(block.count)
    guard variance > 0, variance.isFinite else { return nil }
    (brightness, self.variance, count) = (mean, variance, block.count)
    correlation = shape.indices.map { axis in
      (1...distances).map { distance in
        var sum = 0.0
        for index in rest.indices where index / strides[axis] % side + distance < side {
          sum += rest[index] * rest[index + distance * strides[axis]]
        }
        let pairs = block.count / side * (side - distance)
        return sum / Double(pairs) / variance
      }
    }
  }
}
