import Denoise
import TensorEngine
import Testing

/// Block matching mixed into a network's result, and how much of it.
@Suite struct BlendTests {
  /// A network that answers nothing but its bias.
  private static func mute() throws -> TrainedModel {
    var net = SingleConv()
    net.kernel = 1
    var model = try PredictionTests.model(net, dimensions: 2)
    model.parameters.values = [0, 0]
    return model
  }

  private static func predict(_ model: TrainedModel, _ image: Image, _ blend: Blend) throws
    -> [Float]
  {
    var options = PredictionOptions()
    options.blend = blend
    return try Predictor(model, options).predict(image).image.tensor.values
  }

  @Test func sharesAddUp() throws {
    let model = try BlendTests.mute()
    let image = try SmallData.waves([32, 32], axes: "YX").noisy
    let alone = try BlendTests.predict(model, image, .none)
    let classical = try BM3DFilter(["sigma": 0.5]).denoised(image).tensor.values
    #expect(try BlendTests.predict(model, image, .best) == alone)
    #expect(
      try BlendTests.predict(model, image, .share(0, noise: NoiseCurve(constant: 0.5))) == alone)
    #expect(
      try BlendTests.predict(model, image, .share(1, noise: NoiseCurve(constant: 0.5))) == classical
    )
    for (index, value) in try BlendTests.predict(
      model, image, .share(0.25, noise: NoiseCurve(constant: 0.5))
    )
    .enumerated() {
      #expect(abs(value - 0.75 * alone[index] - 0.25 * classical[index]) < 1e-5)
    }
  }

  /// Of a network that learnt nothing nearly all is block matching; the mixture of a trained one is
  /// not worse than the better of both.
  @Test func theShareFollowsFromTheDataAlone() throws {
    let (noisy, truth) = try SmallData.waves([64, 64], axes: "YX")
    var options = try #require(Method.named("auto")).options(
      Method.Subject(TrainingData(images: [noisy])))
    options.epochs = 1
    options.steps = 1
    options.learningRate = 1e-9
    let untrained = try Trainer(TrainingData(images: [noisy]), options).run()
    guard case .share(let most, let noise?) = untrained.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    #expect(most > 0.9)
    #expect(abs(noise.typical - 0.5) < 0.1)
    options.epochs = 4
    options.steps = 50
    options.learningRate = 4e-3
    let trained = try Trainer(TrainingData(images: [noisy]), options).run()
    guard case .share(let share, _) = trained.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    #expect(share < most)
    func error(_ blend: Blend) throws -> Double {
      var prediction = trained.prediction
      prediction.blend = blend
      let result = try Predictor(trained, prediction).predict(noisy).image
      return try Metrics.mse(result.tensor, truth: truth.tensor)
    }
    let best = min(try error(.none), try error(.share(1, noise: noise)))
    #expect(try error(trained.prediction.blend) < best * 1.05)
  }

  /// A network of one epoch on data, as `auto` makes it, but small.
  private static func trained(_ noisy: Image, steps: Int) throws -> TrainedModel {
    let data = try TrainingData(images: [noisy])
    var options = try #require(Method.named("auto")).options(Method.Subject(data))
    options.epochs = 1
    options.steps = steps
    return try Trainer(data, options).run()
  }

  /// Of volumes too: a network that learnt little is nearly all BM4D.
  @Test func volumesHaveAShare() throws {
    let noisy = try SmallData.waves([32, 32, 32], axes: "ZYX").noisy
    let model = try BlendTests.trained(noisy, steps: 2)
    guard case .share(let share, let noise?) = model.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    #expect(share > 0.8)
    #expect(abs(noise.typical - 0.5) < 0.1)
  }

  /// Noise that neighbours share is not what block matching takes it for: what is mixed in does no
  /// harm, and of white noise as strong much is mixed in.
  @Test func noiseOfNeighboursIsNotTakenForWhite() throws {
    let truth = try SmallData.waves([96, 96], axes: "YX").truth
    for (noise, isShared) in [
      (try CorrelatedNoise(sigma: 1, radius: 0.6) as any Noise, true),
      (try GaussianNoise(sigma: 1), false),
    ] {
      let noisy = try noise.applied(to: truth, seed: 4)
      let model = try BlendTests.trained(noisy, steps: 150)
      func error(_ blend: Blend) throws -> Double {
        let result = try BlendTests.predict(model, noisy, blend)
        return try Metrics.mse(Tensor(result, shape: noisy.shape), truth: truth.tensor)
      }
      let blend = model.prediction.blend
      if !isShared {
        guard case .share(let share, _) = blend else {
          Issue.record("no share was found")
          return
        }
        #expect(share > 0.2)
      }
      #expect(try error(blend) < 1.1 * error(.none), "\(noise)")
    }
  }

  /// Noise that grows with brightness is told to block matching as it is.
  @Test func noiseThatGrowsIsStabilised() throws {
    let (noisy, truth) = try NoiseCurveTests.counted([96, 96])
    let model = try BlendTests.trained(noisy, steps: 60)
    guard case .share(_, let noise?) = model.prediction.blend else {
      Issue.record("no share was found")
      return
    }
    #expect(noise.range > 2)
    func error(_ noise: NoiseCurve) throws -> Double {
      let result = try BlendTests.predict(model, noisy, .share(1, noise: noise))
      return try Metrics.mse(Tensor(result, shape: noisy.shape), truth: truth.tensor)
    }
    #expect(try error(noise) < 0.8 * error(NoiseCurve(constant: noise.typical)))
  }

  /// Who is tired of waiting for the share has the network all the same.
  @Test func anInterruptOfTheSearchKeepsTheModel() throws {
    let noisy = try SmallData.waves([64, 64], axes: "YX").noisy
    let data = try TrainingData(images: [noisy])
    var options = try #require(Method.named("auto")).options(Method.Subject(data))
    options.epochs = 1
    options.steps = 2
    let model = try Trainer(data, options).run { report in
      if report.record != nil { Interrupt.raiseHere() }
    }
    Interrupt.clear()
    #expect(model.prediction.blend == .none)
    #expect(model.history.count == 1)
  }

  /// Signals have none, nor do trainings from which nothing is kept.
  @Test func thereIsNoneWithoutKeptPixelsOrForSignals() throws {
    for (shape, axes, kept) in [([256], "X", 0.1), ([32, 32], "YX", 0)] {
      let noisy = try SmallData.waves(shape, axes: axes).noisy
      let data = try TrainingData(images: [noisy])
      var options = try #require(Method.named("auto")).options(Method.Subject(data))
      options.epochs = 1
      options.steps = 1
      options.validation = kept
      let model = try Trainer(data, options).run()
      #expect(model.prediction.blend == .none)
    }
  }

  /// The average of passes is validated, each under another mask, at the same pixels.
  @Test func passesAreAveragedWhereTheyAreInPredictions() throws {
    let noisy = try SmallData.waves([64, 64], axes: "YX").noisy
    let data = try TrainingData(images: [noisy])
    // Nothing is known of the noise, so pixels are hidden.
    let options = try #require(Method.named("auto")).options(
      Method.Subject(dimensions: 2, channels: 1, space: [64, 64], samples: 1))
    let lists = try Validation(data, options).batches(
      of: 4, Padding(of: [64, 64], toMultipleOf: 16))
    #expect(lists.count == 4)
    let first = try #require(lists.first?.first)
    for list in lists.dropFirst() {
      #expect(list[0].hidden == first.hidden)
      #expect(list[0].visible != first.visible)
      // What is asked for is never shown.
      for index in list[0].hidden.values.indices where list[0].hidden.values[index] != 0 {
        #expect(list[0].visible.values[index] == 0)
      }
    }
  }
}
