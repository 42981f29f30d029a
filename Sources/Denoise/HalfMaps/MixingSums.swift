import TensorEngine

/// Sums over the shells of two exposures and of what a network made of each, of one or several
/// planes of one size.
struct MixingSums {
  let grid: ShellGrid
  /// A result and its own exposure; a result and the other exposure.
  private var own: [ShellSums]
  private var cross: [ShellSums]
  private var raw: ShellSums
  private var denoised: ShellSums

  /// - Parameters:
  ///   - raw: the elements of a plane of both exposures; `denoised` of both results.
  init(_ grid: ShellGrid, raw: [[Float]], denoised: [[Float]]) throws {
    self.grid = grid
    let y = try raw.map { try Spectrum(of: $0, shape: grid.shape) }
    let f = try denoised.map { try Spectrum(of: $0, shape: grid.shape) }
    own = [grid.sums(f[0], y[0]), grid.sums(f[1], y[1])]
    cross = [grid.sums(f[0], y[1]), grid.sums(f[1], y[0])]
    (self.raw, self.denoised) = (grid.sums(y[0], y[1]), grid.sums(f[0], f[1]))
  }

  mutating func add(_ other: MixingSums) {
    for role in own.indices {
      own[role].add(other.own[role])
      cross[role].add(other.cross[role])
    }
    raw.add(other.raw)
    denoised.add(other.denoised)
  }

  /// What each shell says of its mixture.
  var pooled: [(moments: MixingMoments, choice: MixingMoments.Choice)] {
    let shells = moments
    return shells.indices.map { MixingSums.pooled($0, shells) }
  }

  private var moments: [MixingMoments] {
    func half(_ sums: [ShellSums], _ value: (ShellSums) -> [Double], _ shell: Int) -> Double {
      (value(sums[0])[shell] + value(sums[1])[shell]) / 2
    }
    return raw.counts.indices.map { shell in
      var moments = MixingMoments()
      moments.count = Double(raw.counts[shell])
      moments.denoised = half(own, \.first, shell)
      moments.raw = half(own, \.second, shell)
      moments.own = half(own, \.cross, shell)
      moments.denoisedOther = half(cross, \.cross, shell)
      (moments.rawOther, moments.denoisedPair) = (raw.cross[shell], denoised.cross[shell])
      return moments
    }
  }

  /// Evidence that is enough without the neighbours'.
  private static let ample = 25.0

  /// A shell, with up to three neighbours at each side where it does not say enough by itself: those
  /// whose raw halves agree about as well. Shells that are measured well stand alone. Each counts by
  /// its noise. What neighbours speak for must not agree less with the other half than the raw
  /// shell does.
  private static func pooled(
    _ shell: Int, _ shells: [MixingMoments]
  ) -> (moments: MixingMoments, choice: MixingMoments.Choice) {
    let middle = shells[shell].correlation
    var result = MixingMoments()
    for reach in 0...(middle < MixingMoments.clear ? 3 : 0) {
      let near = max(min(shell, 1), shell - reach)...min(shells.count - 1, shell + reach)
      let alike = near.filter { $0 == shell || abs(shells[$0].correlation - middle) < 0.1 }
      result = MixingMoments(
        alike.map { (shells[$0], shells[$0].noise > 0 ? 1 / shells[$0].noise : 0) })
      if result.evidence >= ample { break }
    }
    let own = shells[shell]
    if own.hasSignal, own.agreement(of: result.weights(result.choice)) < own.correlation {
      return (own, .raw)
    }
    return (result, result.choice)
  }
}
