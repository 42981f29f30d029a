import TensorEngine

/// What a denoised image says of the noise that was taken off.
enum LeftOver {
  /// What is taken off at flat places, over what differs between neighbours there; all that is taken
  /// off over that at flat places; and how alike neighbours of it are.
  private static let mostTaken = 1.08
  private static let mostUneven = 1.05
  private static let signalCorrelation = 0.2

  /// Whether neighbours share their noise, so little that blocks do not tell (`SteadyNoise`).
  ///
  /// What differs between neighbours is then less than what is taken off where the image is flat. A
  /// network that learnt too little also takes off much; but most of it where there is much to
  /// see, and alike from pixel to pixel, as signals are.
  static func isShared(_ images: [Image], _ results: [Image]) throws -> Bool {
    let places = try FlatPlaces(of: results)
    let taken = try zip(images, results).map { try $0.minus($1) }
    let between = places.spreads(of: try FlatPlaces.details(of: images)).rootMeanSquare
    let flat = places.spreads(of: try FlatPlaces.planewise(taken) { values, _ in values })
      .rootMeanSquare
    let all = taken.flatMap(\.tensor.values).filter(\.isFinite).rootMeanSquare
    guard flat > mostTaken * between, all < mostUneven * flat else { return false }
    let neighbours = try taken.flatMap { residual in
      try ResidualAutocorrelation(of: residual, distance: 1).coefficients.map { $0[1] }
    }
    return neighbours.reduce(0, +) / Double(neighbours.count) < signalCorrelation
  }
}
