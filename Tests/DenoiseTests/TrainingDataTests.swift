import Denoise
import TensorEngine
import Testing

/// What training looks at, and what it must never look at.
@Suite struct TrainingDataTests {
  /// Clean targets, so that what the net sees and what it is compared with can be told apart.
  private static func options(_ change: (inout TrainingOptions) throws -> Void = { _ in }) throws
    -> TrainingOptions
  {
    try Trainings.options {
      $0.target = .clean
      $0.keep = .last
      try change(&$0)
    }
  }

  private static func changed(_ image: Image, where ignored: Tensor) throws -> Image {
    var result = image
    result.tensor.modify { values in
      for index in values.indices where ignored.values[index] != 0 { values[index] += 50 }
    }
    return result
  }

  /// Trains twice, with other targets where `ignored` is 1.
  private static func trainTwice(
    _ options: TrainingOptions, _ noisy: Image, _ truth: Image, ignored: Tensor,
    regions: [Tensor?]? = nil
  ) throws -> (TrainedModel, TrainedModel) {
    let other = try changed(truth, where: ignored)
    return (
      try Trainings.train(
        options, TrainingData(images: [noisy], targets: [truth], regions: regions)),
      try Trainings.train(
        options, TrainingData(images: [noisy], targets: [other], regions: regions))
    )
  }

  /// Few patches keep pixels, many keep tiles.
  @Test(arguments: [16, 4])
  func keptDataIsNeverInTheLoss(patch: Int) throws {
    let (noisy, truth) = try Trainings.picture()
    let options = try TrainingDataTests.options {
      $0.patch = [patch]
      $0.validation = 0.3
    }
    let data = try TrainingData(images: [noisy], targets: [truth])
    let held = try #require(try Validation(data, options).heldOut[0]).tensor()
    let share = held.values.reduce(0, +) / Float(held.count)
    #expect(abs(share - (patch == 4 ? 0.3 : 0.06)) < 0.03, "\(share)")
    let (first, second) = try TrainingDataTests.trainTwice(options, noisy, truth, ignored: held)
    #expect(first.progress.last == second.progress.last)
    #expect(first.history.map(\.validation) != second.history.map(\.validation))
    // And the check can fail: other targets elsewhere make another model.
    let elsewhere = Tensor(shape: held.shape) { 1 - held.values[$0] }
    let third = try TrainingDataTests.trainTwice(options, noisy, truth, ignored: elsewhere).1
    #expect(first.progress.last != third.progress.last)
  }

  /// Even where nearly all is kept something is left to train on.
  @Test func someTilesAreLeftToTrainOn() throws {
    let (noisy, truth) = try Trainings.picture()
    let options = try TrainingDataTests.options {
      $0.mask = nil
      $0.validation = 0.95
    }
    let held = try #require(
      try Validation(TrainingData(images: [noisy], targets: [truth]), options).heldOut[0]
    ).tensor()
    #expect(held.values.reduce(0, +) == 3 * 256)
  }

  @Test func regionIsWhereItTrains() throws {
    let (noisy, truth) = try Trainings.picture()
    let region = Tensor(shape: [32, 32]) { $0 / 32 < 10 && $0 % 32 > 20 ? 1 : 0 }
    let outside = Tensor(shape: [32, 32]) { 1 - region.values[$0] }
    for validation in [0, 0.3] {
      let (first, second) = try TrainingDataTests.trainTwice(
        TrainingDataTests.options { $0.validation = validation }, noisy, truth,
        ignored: outside, regions: [region])
      #expect(first.progress.last == second.progress.last)
      #expect(first.history.map(\.validation) == second.history.map(\.validation))
      let third = try TrainingDataTests.trainTwice(
        TrainingDataTests.options { $0.validation = validation }, noisy, truth,
        ignored: region, regions: [region]
      ).1
      #expect(first.progress.last != third.progress.last)
    }
  }

  @Test func lossOfABatchLooksAtNothingKept() throws {
    let (noisy, _) = try Trainings.picture()
    let options = try Trainings.options()
    let data = try TrainingData(images: [noisy])
    let ones = Tensor(repeating: 1, shape: [32, 32])
    let batch = try BatchMaker(data, options, heldOut: [SampleArray(ones)]).batch(epoch: 0, step: 0)
    #expect(batch.hidden.values.allSatisfy { $0 == 0 })
    let free = try BatchMaker(data, options, heldOut: [nil]).batch(epoch: 0, step: 0)
    #expect(free.hidden.values.contains(1))
    #expect(free.input == batch.input)
  }

  @Test func imagesOfDifferentSizesTrainTogether() throws {
    let images = try [[32, 32], [17, 40], [24, 19]].map {
      try SmallData.waves($0, axes: "YX").noisy
    }
    let model = try Trainings.train(Trainings.options(), TrainingData(images: images))
    #expect(model.history.count == 4)
    for image in images {
      #expect(try Predictor(model).predict(image).image.shape == image.shape)
    }
    let whole = try Trainings.options { $0.patch = [0] }
    let error = #expect(throws: DenoiseError.self) {
      try Trainings.train(whole, TrainingData(images: images))
    }
    #expect(error?.message == "whole frames of different sizes do not share a batch")
  }

  @Test func stacksAndChannelsKeepTheirAxes() throws {
    for (shape, axes) in [([3, 32, 32], "SYX"), ([2, 24, 24], "CYX"), ([2, 2, 20, 24], "SCYX")] {
      let noisy = try SmallData.waves(shape, axes: axes).noisy
      let model = try Trainings.train(Trainings.options(), TrainingData(images: [noisy]))
      #expect(model.channels == (axes.contains("C") ? 2 : 1))
      let predicted = try Predictor(model).predict(noisy).image
      #expect(predicted.shape == shape && predicted.axes == axes)
    }
    // An axis order of its own comes back as it was.
    let noisy = try SmallData.waves([24, 28, 3], axes: "YXC").noisy
    let model = try Trainings.train(Trainings.options(), TrainingData(images: [noisy]))
    #expect(try Predictor(model).predict(noisy).image.shape == [24, 28, 3])
  }

  @Test func pairsSwapTheirRoles() throws {
    let first = try SmallData.waves([32, 32], axes: "YX", seed: 3).noisy
    let second = try SmallData.waves([32, 32], axes: "YX", seed: 4).noisy
    let data = try TrainingData(images: [first], targets: [second])
    let options = try Trainings.options {
      $0.mask = nil
      $0.target = .pair
      $0.batch = 64
      $0.augmentation = .none
      $0.patch = [0]
    }
    let batch = try BatchMaker(data, options, heldOut: [nil]).batch(epoch: 0, step: 0)
    let area = 32 * 32
    var straight = 0
    for sample in 0..<64 {
      let range = sample * area..<(sample + 1) * area
      let (input, target) = (Array(batch.input.values[range]), Array(batch.target.values[range]))
      let isStraight = input == first.tensor.values && target == second.tensor.values
      let isSwapped = input == second.tensor.values && target == first.tensor.values
      #expect(isStraight != isSwapped)
      straight += isStraight ? 1 : 0
    }
    #expect((16...48).contains(straight), "\(straight)")
    // Clean truth is never an input.
    var supervised = options
    supervised.target = .clean
    let clean = try BatchMaker(data, supervised, heldOut: [nil]).batch(epoch: 0, step: 0)
    #expect(Array(clean.input.values.prefix(area)) == first.tensor.values)
    #expect(
      stride(from: 0, to: clean.input.count, by: area).allSatisfy {
        clean.input.values[$0] == first.tensor.values[0]
      })
  }

  /// The last batch of the kept data is smaller; its average must not be.
  @Test func incompleteBatchesAverage() throws {
    let (noisy, truth) = try Trainings.picture()
    let data = try TrainingData(images: [noisy], targets: [truth])
    for term in [MeanSquaredError(), NormLoss()] as [any LossTerm] {
      func validation(batch: Int) throws -> Double {
        // A step so small that nothing moves: the validation loss of the fresh net.
        let model = try Trainings.train(
          TrainingDataTests.options {
            $0.architecture = Network.unet()
            $0.mask = nil
            $0.patch = [8]
            $0.validation = 0.4375
            $0.loss = Loss(term)
            $0.batch = batch
            $0.learningRate = 1e-30
            $0.epochs = 1
          }, data)
        return try #require(model.history[0].validation)
      }
      let single = try validation(batch: 1)
      for batch in [2, 4, 5] {
        let value = try validation(batch: batch)
        #expect(abs(value - single) < 1e-5 * single, "\(term) in batches of \(batch)")
      }
    }
  }

  @Test func copiesShareTheirPlaceButNotTheirMask() throws {
    let options = try Trainings.options {
      $0.samples = 2
      $0.mask = try BernoulliMask(fill: .zero)
    }
    let batch = try BatchMaker(Trainings.data(), options, heldOut: [nil]).batch(epoch: 0, step: 0)
    let area = batch.target.count / 4
    func sample(_ tensor: Tensor, _ index: Int) -> [Float] {
      Array(tensor.values[index * area..<(index + 1) * area])
    }
    #expect(sample(batch.target, 0) == sample(batch.target, 1))
    #expect(sample(batch.target, 1) != sample(batch.target, 2))
    #expect(sample(batch.hidden, 0) != sample(batch.hidden, 1))
  }

  @Test func unfitDataIsRefused() throws {
    let good = try SmallData.image([16, 16])
    func refusal(_ make: () throws -> Any) -> String? {
      #expect(throws: DenoiseError.self) { _ = try make() }?.message
    }
    #expect(refusal { try TrainingData(images: []) } == "there is nothing to train on")
    var broken = good
    broken.tensor.modify { $0[3] = .nan }
    let message = "the data holds values that are not numbers"
    #expect(refusal { try TrainingData(images: [broken]) } == message)
    #expect(refusal { try TrainingData(images: [good], targets: [broken]) } == message)
    #expect(
      refusal { try TrainingData(images: [good], targets: [SmallData.image([16, 8])]) }
        == "the target is 16x8, the data 16x16")
    #expect(
      refusal { try TrainingData(images: [good, SmallData.image([2, 16, 16], axes: "CYX")]) }
        == "images of 1x16x16 and 2x16x16 cannot train together")
    #expect(
      refusal { try TrainingData(images: [good], regions: [nil, nil]) } == "1 images and 2 regions")
    let empty = try TrainingData(images: [good], regions: [Tensor(repeating: 0, shape: [16, 16])])
    #expect(refusal { try Trainings.train(Trainings.options(), empty) } == "the region is empty")
  }
}
