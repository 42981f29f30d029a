import Denoise
import TensorEngine
import Testing

/// What `auto` makes of two exposures of the same.
@Suite struct PairTests {
  private static func pair(
    _ shape: [Int], axes: String, noise: (any Noise)? = nil
  ) throws -> (data: TrainingData, exposures: [Image], truth: Image) {
    let truth = try SmallData.waves(shape, axes: axes).truth
    let noise = try noise ?? GaussianNoise(sigma: 0.5)
    let exposures = try [11, 12].map { try noise.applied(to: truth, seed: $0) }
    let data = try TrainingData(images: [exposures[0]], targets: [exposures[1]])
    return (data, exposures, truth)
  }

  private static func options(
    _ data: TrainingData, epochs: Int = 3
  ) throws -> TrainingOptions {
    var options = try #require(Method.named("auto")).options(Method.Subject(data))
    options.epochs = epochs
    options.steps = 20
    return options
  }

  @Test(arguments: [([256], "X"), ([32, 32], "YX"), ([24, 24, 24], "ZYX")])
  func exposuresAreLearntFromEachOther(shape: [Int], axes: String) throws {
    let (data, exposures, truth) = try PairTests.pair(shape, axes: axes)
    var options = try PairTests.options(data)
    #expect(options.target == .pair)
    #expect(options.mask == nil)
    options.epochs = 6
    let model = try Trainer(data, options).run()
    for noisy in exposures {
      let result = try Predictor(model).predict(noisy).image
      let before = try Metrics.mse(noisy.tensor, truth: truth.tensor)
      #expect(try Metrics.mse(result.tensor, truth: truth.tensor) < 0.5 * before)
    }
    // Signals have neither shells nor block matching.
    if case .shells(let weights) = model.prediction.mixBack {
      #expect(shape.count > 1 && weights != nil)
    } else {
      #expect(shape.count == 1)
    }
  }

  /// A network that learnt nothing is left out of the mixture: what remains is block matching,
  /// told of the noise by the exposures' difference.
  @Test func theOtherExposureTellsTheShares() throws {
    let (data, exposures, _) = try PairTests.pair([64, 64], axes: "YX")
    var options = try PairTests.options(data, epochs: 1)
    options.steps = 1
    options.learningRate = 1e-9
    let model = try Trainer(data, options).run()
    guard case .share(let share, let noise?) = model.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    #expect(share > 0.9)
    #expect(abs(noise.typical - 0.5) < 0.05)
    #expect(noise.correlation == nil)
    let result = try Predictor(model).predict(exposures[0]).image
    #expect(result.tensor.values.allSatisfy { $0.isFinite })
  }

  /// The difference of two exposures also tells what neighbours share.
  @Test func whatNeighboursShareIsKnown() throws {
    let noise = try CorrelatedNoise(sigma: 0.5, radius: 1)
    let (data, _, _) = try PairTests.pair([64, 64], axes: "YX", noise: noise)
    var options = try PairTests.options(data, epochs: 1)
    options.steps = 1
    options.learningRate = 1e-9
    let model = try Trainer(data, options).run()
    guard case .share(_, let found?) = model.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    let nearest = try #require(found.correlation?.coefficients.map { $0[0] })
    #expect(nearest.allSatisfy { $0 > 0.5 })
  }

  /// Kept pixels are compared, and they alone; nothing is hidden, for the other exposure does not
  /// know their noise.
  @Test func keptPixelsAreSeenButNotLearnt() throws {
    let (data, exposures, _) = try PairTests.pair([64, 64], axes: "YX")
    let validation = try Validation(data, PairTests.options(data))
    let held = try #require(validation.heldOut[0]).tensor()
    #expect((20...200).contains(held.values.count { $0 != 0 }))
    let batches = try validation.batches(of: 1, Padding(of: [64, 64], toMultipleOf: 16))
    let batch = try #require(batches.first?.first)
    #expect(batch.hidden.values == held.values)
    #expect(batch.input.values == exposures[0].tensor.values)
    #expect(batch.target.values == exposures[1].tensor.values)
  }

  @Test func weightsOfShellsMix() throws {
    let noisy = try SmallData.waves([2, 24, 20], axes: "CYX").noisy
    let model = try PredictionTests.model(SingleConv(), dimensions: 2, channels: 2)
    func mixed(_ text: String) throws -> [Float] {
      var options = PredictionOptions()
      let weights: ShellWeights = try #require(ShellWeights(text))
      options.mixBack = .shells(weights)
      return try Predictor(model, options).predict(noisy).image.tensor.values
    }
    let alone = try Predictor(model).predict(noisy).image.tensor.values
    let raw = noisy.tensor.values
    func agree(_ one: [Float], _ other: [Float]) -> Bool {
      zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 }
    }
    #expect(try agree(mixed("1:0"), alone))
    #expect(try agree(mixed("0:1;0:1"), raw))
    let means = zip(alone, raw).map { 0.25 * $0 + 0.75 * $1 }
    #expect(try agree(mixed("0.25:0.75;0.25:0.75;0.25:0.75"), means))
    let text = "0.25:0.75;1.0:-0.1"
    #expect(ShellWeights(text)?.description == text)
    for wrong in ["", "1", "1:2:3", "1:x", "nan:1"] {
      #expect(ShellWeights(wrong) == nil, "\(wrong)")
    }
  }

  /// Few orientations are spread evenly, and all are all.
  @Test(arguments: [(1, 2), (2, 8), (3, 48)])
  func someOrientationsStandForAll(rank: Int, count: Int) throws {
    let all = Turns.some(count).orientations(rank: rank)
    #expect(Set(all) == Set(Turns.all.orientations(rank: rank)))
    #expect(all.count == count)
    #expect(all.first == .identity(rank: rank))
    #expect(Turns.some(count + 5).orientations(rank: rank).count == count)
    #expect(Turns.none.orientations(rank: rank) == [.identity(rank: rank)])
    let few = Turns.some(24).orientations(rank: 3)
    #expect(Set(few).count == 24)
    #expect(Set(few.prefix(8).map(\.flips)).count == 8)
    #expect(Set(few.prefix(6).map(\.permutation)).count == 6)
    for turns in [Turns.none, .all, .some(8)] { #expect(Turns(text: turns.text) == turns) }
    #expect(Turns(text: "0") == nil)
  }
}
