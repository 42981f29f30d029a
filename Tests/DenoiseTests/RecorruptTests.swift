import Denoise
import TensorEngine
import Testing

/// Noise that is added to what a network sees and taken from what it learns, and how it is measured.
@Suite struct RecorruptTests {
  /// The products of two lists of numbers, on average.
  private static func covariance(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Double {
    let products = zip(a, b).map { Double($0) * Double($1) }
    return products.reduce(0, +) / Double(products.count)
  }

  private static func recorrupted(
    _ noisy: Tensor, _ noise: NoiseModel, strength: Double = 0.5, seed: UInt64 = 2
  ) throws -> MaskedBatch {
    let streams = [RandomStream(seed: seed, purpose: .mask)]
    return try RecorruptMask(strength: strength, noise: noise)
      .applied(to: noisy, streams: streams)
  }

  /// What the network sees and what it learns share no noise: the one is stronger by 1 + alpha^2, the
  /// other by 1 + 1 / alpha^2.
  @Test(arguments: [0.5, 1]) func noisesAreApart(strength: Double) throws {
    let draws = SmallData.random([256 * 256])
    let noisy = Tensor(shape: [1, 1, 256, 256]) { 3 * draws.values[$0] }
    let pair = try RecorruptTests.recorrupted(
      noisy, NoiseModel(constant: 3), strength: strength)
    let (seen, learnt) = (pair.input.values, pair.target.values)
    let variance = 9 * (1 + strength * strength)
    #expect(abs(RecorruptTests.covariance(seen, seen) / variance - 1) < 0.03)
    #expect(
      abs(RecorruptTests.covariance(learnt, learnt) / (variance / strength / strength) - 1) < 0.03)
    #expect(abs(RecorruptTests.covariance(seen, learnt)) < 0.03 * variance / strength)
    // With noise of another strength they do share some, so the check can fail.
    let wrong = try RecorruptTests.recorrupted(
      noisy, NoiseModel(constant: 1.5), strength: strength)
    #expect(RecorruptTests.covariance(wrong.input.values, wrong.target.values) > 4)
    #expect(pair.share == 1 && pair.visible.values.allSatisfy { $0 == 1 })
  }

  @Test func strengthFollowsBrightness() throws {
    let dark = Tensor(shape: [1, 1, 64, 128]) { $0 % 128 < 64 ? 10 : 100 }
    let curve = try #require(NoiseCurve(brightness: [10, 100], deviations: [1, 8]))
    let model = try #require(NoiseModel(curves: [curve]))
    let added = try RecorruptTests.recorrupted(dark, model).input.values
    func spread(_ columns: Range<Int>) -> Double {
      let parts = added.indices.filter { columns.contains($0 % 128) }
        .map { added[$0] - dark.values[$0] }
      return RecorruptTests.covariance(parts, parts).squareRoot()
    }
    // Half of the noise is added.
    #expect(abs(spread(0..<56) - 0.5) < 0.03 && abs(spread(72..<128) - 4) < 0.2)
  }

  @Test func neighboursAndChannelsShareWhatTheyDo() throws {
    let text = "0:2|0.6:0.2|0.6:0.2&1.0,0.5&0.5,1.0"
    let model = try #require(NoiseModel(text))
    #expect(NoiseModel(model.description) == model)
    let empty = Tensor(repeating: 0, shape: [1, 2, 192, 192])
    let added = try RecorruptTests.recorrupted(empty, model, strength: 1).input.values
    let area = 192 * 192
    let (one, other) = (added[..<area], added[area...])
    let variance = RecorruptTests.covariance(one, one)
    #expect(abs(variance / 4 - 1) < 0.06)
    #expect(abs(RecorruptTests.covariance(one, other) / variance - 0.5) < 0.06)
    #expect(abs(RecorruptTests.covariance(one, one.dropFirst()) / variance - 0.6) < 0.05)
    #expect(abs(RecorruptTests.covariance(one, one.dropFirst(192)) / variance - 0.6) < 0.05)
  }

  @Test func noModelOfThese() {
    for text in ["", "x", "0", "-3", "3/x", "3&1,0.2&0.3,1", "3&1,2&2,1", "3/4/5&1,0&0,1", "nan"] {
      #expect(NoiseModel(text) == nil, "\(text)")
    }
    #expect(throws: DenoiseError.self) { try RecorruptMask(strength: 3) }
  }

  /// A picture of patches and edges.
  private static func scene(_ channels: Int) throws -> Image {
    let side = 160
    let values = (0..<channels * side * side).map { index in
      let (x, y) = (index % side, index / side % side)
      return Float((x / 20 * 37 + y / 16 * 23) % 5 * 40) + Float(x) / 4
    }
    return try Image(Tensor(values, shape: [channels, side, side]), axes: "CYX")
  }

  private static func measured(_ image: Image) throws -> MeasuredNoise {
    try #require(try TrainingData(images: [image]).noise())
  }

  @Test(arguments: [4.0, 15, 40]) func whiteNoiseIsMeasured(sigma: Double) throws {
    let noisy = try GaussianNoise(sigma: sigma).applied(to: RecorruptTests.scene(1), seed: 3)
    let found = try RecorruptTests.measured(noisy)
    #expect(found.model.curves.count == 1 && found.model.curves[0].correlation == nil)
    #expect(abs(found.model.curves[0].typical / sigma - 1) < 0.06)
    #expect(found.isExplained)
  }

  /// Each channel has a strength of its own, and the first two share half of their noise.
  @Test func channelsAreMeasured() throws {
    let truth = try RecorruptTests.scene(3)
    let area = truth.tensor.count / 3
    let draws = (0..<3).map { SmallData.random([area], seed: 10 + UInt64($0)).values }
    let noisy = try truth.with(
      truth.tensor.values.indices.map { index in
        let (channel, pixel) = (index / area, index % area)
        let own = draws[channel][pixel]
        let drawn = channel == 1 ? 0.5 * draws[0][pixel] + Float(0.75).squareRoot() * own : own
        return truth.tensor.values[index] + [6, 12, 24][channel] * drawn
      })
    let found = try RecorruptTests.measured(noisy).model
    try #require(found.curves.count == 3 && found.sharing.count == 3)
    for (curve, sigma) in zip(found.curves, [6.0, 12, 24]) {
      #expect(abs(curve.typical / sigma - 1) < 0.08)
    }
    #expect(abs(found.sharing[0][1] - 0.5) < 0.08)
    #expect(abs(found.sharing[0][2]) < 0.08 && abs(found.sharing[1][2]) < 0.08)
  }

  @Test func otherNoiseIsNotExplained() throws {
    let truth = try RecorruptTests.scene(1)
    let noises: [any Noise] = [try SaltPepperNoise(probability: 0.03), try PoissonNoise(peak: 12)]
    for noise in noises {
      #expect(
        try !RecorruptTests.measured(noise.applied(to: truth, seed: 4)).isExplained, "\(noise)")
    }
  }

  /// What is known of the noise decides what `auto` is.
  @Test func autoFollowsTheNoise() throws {
    let truth = try RecorruptTests.scene(1)
    func mask(_ noise: any Noise) throws -> String {
      let data = try TrainingData(images: [noise.applied(to: truth, seed: 6)])
      let method = try #require(Method.named("auto"))
      return "\(try #require(try method.options(Method.Subject(data)).mask))"
    }
    #expect(try mask(GaussianNoise(sigma: 15)).hasPrefix("recorrupt"))
    #expect(try mask(CorrelatedNoise(sigma: 15, radius: 1)).hasPrefix("recorrupt"))
    #expect(try mask(SaltPepperNoise(probability: 0.03)).hasPrefix("bernoulli"))
  }

  /// The model knows the noise in the data's units, though it learnt on another scale.
  @Test func aModelKeepsTheNoise() throws {
    let truth = try RecorruptTests.scene(1)
    let noisy = try GaussianNoise(sigma: 20).applied(to: truth, seed: 5)
    let options = try Trainings.options { options in
      options.mask = try RecorruptMask()
      options.architecture = Network.unet()
      options.patch = [32]
      (options.steps, options.epochs) = (40, 6)
      options.prediction.mode = .dropout
      options.prediction.samples = 8
    }
    let model = try Trainings.train(options, TrainingData(images: [noisy]))
    let kept = try #require(model.mask as? RecorruptMask)
    #expect(abs((kept.noise?.curves[0].typical ?? 0) / 20 - 1) < 0.06)
    #expect((kept.forOtherData as? RecorruptMask)?.noise == nil)
    #expect(options.listed.contains { $0.value == "recorrupt(alpha=0.5, noise=none)" })
    let before = try Metrics.mse(noisy.tensor, truth: truth.tensor)
    for mode in [PredictionOptions.Mode.single, .dropout] {
      var prediction = model.prediction
      prediction.mode = mode
      let result = try Predictor(model, prediction).predict(noisy).image
      #expect(try Metrics.mse(result.tensor, truth: truth.tensor) < 0.5 * before, "\(mode)")
    }
  }

  /// The loss at kept pixels is asked of both signs of the same noise, and of targets without what is seen.
  @Test func validationComesInOpposites() throws {
    let noisy = try SmallData.waves([64, 64], axes: "YX").noisy
    let data = try TrainingData(images: [noisy])
    let options = try Trainings.options { options in
      options.mask = try RecorruptMask(noise: NoiseModel(constant: 0.5))
      options.patch = [64]
    }
    let kept = try Validation(data, options)
    let batches = try kept.batches(of: 1, Padding(of: [64, 64], toMultipleOf: 1))
    try #require(batches.count == 1 && batches[0].count == 4)
    for pair in [0, 2] {
      let (one, other) = (batches[0][pair], batches[0][pair + 1])
      #expect(one.hidden == other.hidden)
      #expect(one.visible.values.allSatisfy { $0 == 1 })
      for (index, value) in noisy.tensor.values.enumerated() {
        #expect(abs(one.input.values[index] + other.input.values[index] - 2 * value) < 1e-4)
        // What is added to one comes off the other four times as strong.
        let added = one.input.values[index] - value
        #expect(abs(one.target.values[index] - value + 4 * added) < 1e-3)
      }
    }
  }

  /// What was learnt along one axis is not asked for along another.
  @Test func unevenNoiseIsNotTurned() throws {
    let model = try #require(NoiseModel("0:5|0.6:0.2|0.0:0.0"))
    let mask = try RecorruptMask(noise: model)
    let kept = Orientation.all(rank: 2).filter(mask.isKept)
    #expect(kept.count == 4 && kept.allSatisfy { $0.permutation == [0, 1] })
    #expect(throws: DenoiseError.self) { try mask.check(spatial: [8, 8, 8]) }
    #expect(throws: DenoiseError.self) { try RecorruptMask().check(spatial: [8, 8]) }
  }

  @Test func itMakesItsOwnTarget() throws {
    let (noisy, truth) = try Trainings.picture()
    let options = try Trainings.options { options in
      options.mask = try RecorruptMask()
      options.target = .pair
    }
    #expect(throws: DenoiseError.self) {
      try Trainer(TrainingData(images: [noisy], targets: [truth]), options)
    }
  }
}
