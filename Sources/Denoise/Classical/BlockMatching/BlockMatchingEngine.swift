import TensorEngine

/// One of the two passes of block matching.
struct BlockStage {
  /// Blocks in a stack at most; a power of two.
  let limit: Int
  /// Largest mean squared difference of blocks, for a noise of 25. Looser than in the papers: the
  /// nearest blocks are taken anyway, and a limit matters only where few are alike.
  let tolerance: Float
  let transform: BlockTransform

  /// Stacks of noisy blocks, whose small coefficients are removed.
  static func threshold(side: Int) -> BlockStage {
    BlockStage(limit: 16, tolerance: 5_000, transform: .biorthogonal(side: side))
  }

  /// Stacks of noisy blocks, filtered as the estimate of the first pass says.
  static func wiener(side: Int) -> BlockStage {
    BlockStage(limit: 32, tolerance: 1_500, transform: .cosine(side: side))
  }
}

/// Groups, filters and puts back the blocks of a picture or volume of one or several channels, all
/// scaled to a noise of standard deviation 25.
struct BlockMatchingEngine {
  typealias Run = BlockGeometry.Run

  let geometry: BlockGeometry
  let step: Int
  let reach: Int
  /// What neighbours share of their noise; nil where it is white.
  let correlation: NoiseCorrelation?
  /// Weights of a block's pixels where it is put back: less towards its rim.
  private let window: [Run]

  static let noiseVariance: Float = 625
  /// Coefficients under this multiple of the noise are taken for noise.
  private static let hardThreshold: Float = 2.7

  init(geometry: BlockGeometry, step: Int, reach: Int, correlation: NoiseCorrelation? = nil) {
    self.geometry = geometry
    self.step = step
    self.reach = reach
    self.correlation = correlation
    window = BlockMatchingEngine.kaiserWindow(side: geometry.side, dimensions: geometry.shape.count)
  }

  /// Filtered blocks, not yet divided by their weights, around some planes or rows of the array.
  private struct Accumulator {
    /// Place of the array at which the runs start.
    let start: Int
    var sums: [[Run]]
    var weights: [[Run]]
  }

  /// One pass over all channels.
  ///
  /// - Parameters:
  ///   - noisy: Channels; blocks are matched on the first.
  ///   - guide: The estimate of the pass before: with it the pass is a Wiener filter.
  func estimated(
    noisy: [[Float]], guide: [[Float]]?, stage: BlockStage
  ) throws -> [[Float]] {
    let noisyRuns = noisy.map(geometry.runs(of:))
    let guideRuns = guide.map { $0.map(geometry.runs(of:)) }
    let matcher = BlockMatcher(
      geometry: geometry, runs: guideRuns?[0] ?? noisyRuns[0], reach: reach, limit: stage.limit,
      tolerance: stage.tolerance * 64)
    let white = [Run](repeating: Run(repeating: 1), count: 8)
    let variances = correlation.map(stage.transform.variances) ?? white
    // Strips of fixed size keep the order of the sums, whatever the number of threads.
    let references = geometry.references(axis: 0, step: step)
    let strip = 4
    let parts = Parallel.map((references.count + strip - 1) / strip) { part in
      accumulate(
        Array(references[part * strip..<min(references.count, (part + 1) * strip)]),
        noisy: noisyRuns, guide: guideRuns, matcher: matcher, transform: stage.transform,
        variances: variances)
    }
    try Interrupt.check()
    return noisy.indices.map { channel in
      merged(parts, channel: channel, fallback: guide?[channel] ?? noisy[channel])
    }
  }

  private func accumulate(
    _ rows: [Int], noisy: [[Run]], guide: [[Run]]?, matcher: BlockMatcher,
    transform: BlockTransform, variances: [Run]
  ) -> Accumulator {
    let row = geometry.shape[1...].reduce(1, *)
    let first = max(0, (rows.first ?? 0) - reach)
    let last = min(geometry.shape[0], (rows.last ?? 0) + reach + geometry.side)
    let empty = [Run](repeating: .zero, count: (last - first) * row)
    var result = Accumulator(
      start: first * row, sums: noisy.map { _ in empty }, weights: noisy.map { _ in empty })
    let others = geometry.shape.indices.dropFirst().map {
      geometry.references(axis: $0, step: step)
    }
    let strides = geometry.shape.strides
    var scratch = [Run](repeating: .zero, count: 8 * matcher.limit)
    for outer in rows {
      if Interrupt.isPending { break }
      let counts = others.map(\.count)
      for index in 0..<counts.reduce(1, *) {
        let place = [outer] + zip(others, counts.position(of: index)).map { $0[$1] }
        let reference = zip(place, strides).reduce(0) { $0 + $1.0 * $1.1 }
        let matches = matcher.matches(of: reference, at: place)
        for channel in noisy.indices {
          filter(
            matches, noisy: noisy[channel], guide: guide?[channel], channel: channel,
            transform: transform, variances: variances, into: &result, scratch: &scratch)
        }
      }
    }
    return result
  }

  /// Filters one stack and puts its blocks back.
  private func filter(
    _ matches: [Int], noisy: [Run], guide: [Run]?, channel: Int, transform: BlockTransform,
    variances: [Run], into result: inout Accumulator, scratch: inout [Run]
  ) {
    var stack = transformed(matches, of: noisy, by: transform, scratch: &scratch)
    let weight: Float
    if let guide {
      weight = BlockMatchingEngine.shrink(
        &stack, like: transformed(matches, of: guide, by: transform, scratch: &scratch), variances)
    } else {
      weight = BlockMatchingEngine.threshold(&stack, variances)
    }
    BlockTransform.inverseHaar(&stack, count: matches.count, scratch: &scratch)
    for block in matches.indices {
      transform.transform(&stack, block: 8 * block, inverse: true)
    }
    for (block, place) in matches.enumerated() {
      for run in 0..<8 {
        let target = place + geometry.runs[run] - result.start
        let share = weight * window[run]
        result.sums[channel][target] += share * stack[8 * block + run]
        result.weights[channel][target] += share
      }
    }
  }

  private func transformed(
    _ matches: [Int], of runs: [Run], by transform: BlockTransform, scratch: inout [Run]
  ) -> [Run] {
    var stack: [Run] = []
    stack.reserveCapacity(8 * matches.count)
    for place in matches {
      for offset in geometry.runs { stack.append(runs[place + offset]) }
    }
    for block in matches.indices {
      transform.transform(&stack, block: 8 * block, inverse: false)
    }
    BlockTransform.haar(&stack, count: matches.count, scratch: &scratch)
    return stack
  }

  /// Removes small coefficients; the less noise is left, the more the stack counts.
  ///
  /// - Parameter variances: of the noise in a block's coefficients, in `noiseVariance`.
  private static func threshold(_ stack: inout [Run], _ variances: [Run]) -> Float {
    let limit = hardThreshold * hardThreshold * noiseVariance
    var kept = Run.zero
    for index in stack.indices {
      let variance = variances[index % 8]
      let small = stack[index] * stack[index] .< limit * variance
      stack[index].replace(with: 0, where: small)
      kept += variance.replacing(with: 0, where: small)
    }
    return 1 / max(1, kept.sum())
  }

  /// Scales coefficients by what the guide says is signal.
  private static func shrink(
    _ stack: inout [Run], like guide: [Run], _ variances: [Run]
  ) -> Float {
    var power = Run.zero
    for index in stack.indices {
      let variance = variances[index % 8]
      let signal = guide[index] * guide[index]
      let gain = signal / (signal + noiseVariance * variance)
      stack[index] *= gain
      power += gain * gain * variance
    }
    return 1 / max(1e-6, power.sum())
  }

  /// The weighted mean of all blocks; where there is none, what was there before.
  private func merged(
    _ parts: [Accumulator], channel: Int, fallback: [Float]
  ) -> [Float] {
    var sums = [Float](repeating: 0, count: fallback.count + geometry.pixels[7])
    var weights = sums
    for part in parts {
      for index in part.sums[channel].indices {
        let share = part.weights[channel][index]
        if share[0] == 0 { continue }
        let sum = part.sums[channel][index]
        for lane in 0..<8 {
          let pixel = part.start + index + geometry.pixels[lane]
          sums[pixel] += sum[lane]
          weights[pixel] += share[lane]
        }
      }
    }
    return fallback.indices.map { weights[$0] > 0 ? sums[$0] / weights[$0] : fallback[$0] }
  }

  /// A Kaiser window (beta = 2) along each axis, as the runs of a block.
  private static func kaiserWindow(side: Int, dimensions: Int) -> [Run] {
    let line = (0..<side).map { place -> Double in
      let x = 2 * Double(place) / Double(side - 1) - 1
      return bessel(2 * max(0, 1 - x * x).squareRoot()) / bessel(2)
    }
    return (0..<8).map { run in
      var weights = Run()
      for lane in 0..<8 {
        weights[lane] =
          dimensions == 2
          ? Float(line[run] * line[lane])
          : Float(line[run / 2] * line[run % 2 * 2 + lane / 4] * line[lane % 4])
      }
      return weights
    }
  }

  /// The modified Bessel function of order zero, by its series.
  private static func bessel(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for k in 1..<30 {
      term *= (x / (2 * Double(k))) * (x / (2 * Double(k)))
      sum += term
    }
    return sum
  }
}
