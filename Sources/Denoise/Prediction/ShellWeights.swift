import TensorEngine

/// How much of a network's result and of the noisy image stays at each frequency, from the mean to
/// Nyquist: what `ShellMixing` finds of two exposures, for further images of the kind. Channels and
/// samples are weighed alike.
public struct ShellWeights: Sendable, Equatable {
  let weights: [ShellMixing.Weights]

  /// Of the exposures' own images, in seconds for each element: passes through the network.
  private static let secondsOfElement = 3e-6
  /// Of the time of training.
  private static let mostOfTime = 0.1
  private static let mostElements = 1 << 26

  /// About how long it takes to find weights, in seconds; nil where none are asked for, or the data
  /// is large for the time that is given.
  static func seconds(_ data: TrainingData, _ options: TrainingOptions) -> Double? {
    let seconds = Double(data.pixels) * secondsOfElement
    let time = options.minutes.map { $0 * 60 * mostOfTime } ?? .infinity
    guard options.prediction.mixBack == .shells(nil), options.target == .pair,
      data.dimensions >= 2, data.pixels <= mostElements, seconds <= time,
      !data.inputs.contains(where: \.isStreamed)
    else { return nil }
    return seconds
  }

  /// What is best for a model's results, told by the other exposures.
  ///
  /// - Parameter model: of images that need no preparation.
  /// - Returns: nil where images are of different sizes, or too small.
  init?(for model: TrainedModel, on data: TrainingData) throws {
    guard let others = try data.others else { return nil }
    let images = try data.images
    let predictor = try Predictor(model)
    var sums: MixingSums?
    for (one, other) in zip(images, others) {
      let pair = try [one, other].map { image in
        (raw: try Planes(of: image), denoised: try Planes(of: predictor.predict(image).image))
      }
      let shape = pair[0].raw.spatial
      if let sums, sums.grid.shape != shape { return nil }
      let grid = sums?.grid ?? ShellGrid(FrequencyGrid(shape: shape))
      guard grid.count > 1 else { return nil }
      for plane in 0..<pair[0].raw.count {
        try Interrupt.check()
        let own = try MixingSums(
          grid, raw: pair.map { $0.raw.values(plane) },
          denoised: pair.map { $0.denoised.values(plane) })
        if sums == nil { sums = own } else { sums?.add(own) }
      }
    }
    guard let sums else { return nil }
    weights = sums.pooled.map { $0.moments.weights($0.choice) }
  }

  init(weights: [ShellMixing.Weights]) { self.weights = weights }

  /// The mixture of a result and the image it came from.
  ///
  /// - Throws: `DenoiseError` for images without space; `Interrupted`.
  func applied(to result: Image, of noisy: Image) throws -> Image {
    let (denoised, raw) = (try Planes(of: result), try Planes(of: noisy))
    let grid = ShellGrid(FrequencyGrid(shape: raw.spatial))
    let places = grid.places(among: weights.count)
    let planes = try (0..<raw.count).map { plane in
      try Interrupt.check()
      return try mixed(
        denoised.values(plane), raw.values(plane), on: raw.spatial, places: places)
    }
    var whole = try denoised.assembled(planes)
    whole.stored = result.stored
    return whole
  }

  /// The mixture of the elements of two planes.
  ///
  /// - Parameter places: for each element of a spectrum its weights (`ShellGrid.places`).
  func mixed(
    _ denoised: [Float], _ raw: [Float], on shape: [Int], places: [Int]
  ) throws -> [Float] {
    var mixed = try Spectrum(of: denoised, shape: shape)
    mixed.multiply { Float(weights[places[$0]].denoised) }
    var own = try Spectrum(of: raw, shape: shape)
    own.multiply { Float(weights[places[$0]].raw) }
    mixed.add(own)
    return try mixed.realPart()
  }
}

extension ShellWeights: LosslessStringConvertible {
  /// The denoised and the raw weight of each shell: `0.2:0.8;0.9:0.05`.
  public var description: String {
    weights.map { "\($0.denoised):\($0.raw)" }.joined(separator: ";")
  }

  public init?(_ description: String) {
    weights = description.split(separator: ";").compactMap { shell in
      let parts = shell.split(separator: ":").compactMap { Double($0) }
      guard parts.count == 2, parts.allSatisfy(\.isFinite) else { return nil }
      return ShellMixing.Weights(denoised: parts[0], raw: parts[1])
    }
    guard !weights.isEmpty, weights.count == description.split(separator: ";").count else {
      return nil
    }
  }
}
