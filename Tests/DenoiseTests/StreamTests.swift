import Denoise
import TensorEngine
import Testing

/// Data that stays outside of memory trains and predicts as data in memory does.
@Suite struct StreamTests {
  /// An image that is asked for block by block, and tells how much at most.
  final class Remote: ImageSource {
    let image: Image
    init(_ image: Image) { self.image = image }
    var axes: String { image.axes }
    var shape: [Int] { image.shape }
    var voxel: [Double]? { image.voxel }
    var unit: String? { image.unit }
    var stored: StoredType { image.stored }
    func values(in block: [Range<Int>]) throws -> [Float] { try image.values(in: block) }
  }

  private static func streamed(
    _ model: TrainedModel, _ image: Image, inRows: Bool = true,
    _ change: (inout PredictionOptions) -> Void
  ) throws -> (whole: [Float], pieces: [Float], writes: Int) {
    var options = PredictionOptions()
    change(&options)
    var pieces = [Float](repeating: .nan, count: image.tensor.count)
    var writes = 0
    let width = image.shape.last ?? 1
    try Predictor(model, options).predict(Remote(image), inRows: inRows) { values, first in
      writes += 1
      if inRows { #expect(first % width == 0 && values.count % width == 0) }
      // What is written twice is not a number.
      for (index, value) in values.enumerated() {
        pieces[first + index] = pieces[first + index].isNaN ? value : .infinity
      }
    }
    return (try Predictor(model, options).predict(image).image.tensor.values, pieces, writes)
  }

  @Test(arguments: [
    ([37, 50], "YX", 1), ([2, 37, 50], "CYX", 2), ([3, 37, 50], "SYX", 1),
    ([60, 20, 26], "ZYX", 1),
    ([2, 2, 12, 30, 26], "SCZYX", 2), ([70], "X", 1),
  ])
  func predictionInBlocksIsThatOfTheWhole(_ shape: [Int], _ axes: String, _ channels: Int) throws {
    let image = try SmallData.image(shape, axes: axes)
    let dimensions = axes.filter { "ZYX".contains($0) }.count
    var net = UNet()
    (net.depth, net.channels) = (1, 4)
    let model = try PredictionTests.model(net, dimensions: dimensions, channels: channels)
    for (inRows, mix) in [(true, 0.0), (false, 0.25)] {
      let small = try StreamTests.streamed(model, image, inRows: inRows) {
        $0.tile = [net.reach * 2 + 8]
        $0.turns = .none
        $0.mixBack = .share(mix)
      }
      let error = zip(small.whole, small.pieces).map { abs($0 - $1) }.max() ?? .nan
      #expect(error <= 1e-5)
      #expect(small.writes > 1 || dimensions == 1)
    }
  }

  /// Blocks that are turned do not go straight; a network that reads masks is told of none.
  @Test(arguments: [true, false])
  func turnedBlocksMakeTheWhole(_ inRows: Bool) throws {
    // Sides that halve: turned ones are padded at their other ends.
    let image = try SmallData.image([36, 48], axes: "YX")
    var net = UNet()
    (net.depth, net.channels, net.readsMask) = (1, 4, true)
    let model = try PredictionTests.model(net, dimensions: 2, channels: 1)
    for turns in [Turns.all, .none] {
      let result = try StreamTests.streamed(model, image, inRows: inRows) {
        $0.tile = [net.reach * 2 + 8]
        $0.turns = turns
      }
      #expect(zip(result.whole, result.pieces).allSatisfy { abs($0 - $1) <= 1e-5 })
    }
  }

  /// Where whole rows need not wait for each other, blocks are larger.
  @Test func resultsThatNeedNotBeRowsLeaveMoreMemory() throws {
    let image = try SmallData.image([48, 256, 256], axes: "ZYX")
    var net = UNet()
    (net.depth, net.channels) = (1, 2)
    let model = try PredictionTests.model(net, dimensions: 3)
    func blocks(_ inRows: Bool) throws -> Int {
      var options = PredictionOptions()
      options.memory = 24_000_000
      let predictor = try Predictor(model, options)
      var shares: Set<Double> = []
      try predictor.predict(Remote(image), inRows: inRows) {
        shares.insert($0)
      } write: { _, _ in
      }
      return shares.count
    }
    #expect(try blocks(false) < blocks(true))
  }

  /// Of networks that can, only what is kept of a block is computed to the end.
  /// (Self2Self drops at random when it predicts, too: another block, other pixels.)
  @Test(arguments: EngineAgreementTests.networks.indices)
  func blocksOfEveryNetworkMakeTheWhole(_ index: Int) throws {
    let (name, net, dimensions) = EngineAgreementTests.networks[index]
    if net is Self2SelfNet { return }
    let multiple = net.multiple
    let side = ((2 * net.reach + multiple) / multiple + 2) * multiple
    // Two blocks and a half along the first axis, one and a bit along the others.
    let sides = (0..<dimensions).map { $0 == 0 ? side * 2 + multiple - 1 : side + multiple }
    let image = try SmallData.image(sides, axes: String("ZYX".suffix(dimensions)))
    let model = try PredictionTests.model(net, dimensions: dimensions)
    let result = try StreamTests.streamed(model, image, inRows: false) {
      $0.tile = [side]
      $0.mixBack = .share(0.1)
    }
    let range = (result.whole.max() ?? 0) - (result.whole.min() ?? 0)
    let error = zip(result.whole, result.pieces).map { abs($0 - $1) }.max() ?? .nan
    #expect(error <= 1e-5 * max(1, range), "\(name) in \(dimensions)-D")
  }

  @Test func blocksFollowTheMemory() throws {
    let image = try SmallData.image([160, 24, 24], axes: "ZYX")
    var net = UNet()
    (net.depth, net.channels) = (1, 4)
    let model = try PredictionTests.model(net, dimensions: 3)
    let large = try StreamTests.streamed(model, image) { $0.memory = 1 << 33 }
    #expect(large.writes == 1)
    let small = try StreamTests.streamed(model, image) { $0.memory = 6_000_000 }
    #expect(small.writes > 1)
    #expect(zip(small.whole, small.pieces).allSatisfy { abs($0 - $1) <= 1e-5 })
    let refusal = try #require(throws: DenoiseError.self) {
      try StreamTests.streamed(model, image) { $0.memory = 1000 }
    }
    #expect(refusal.message.contains("the limit is"))
  }

  @Test(arguments: [Normalization.meanstd, .minmax, .percentile(low: 2, high: 98)])
  func trainingOnAFileIsTrainingOnItsContent(_ normalization: Normalization) throws {
    let (noisy, truth) = try Trainings.picture()
    for target in [nil, truth] {
      let options = try Trainings.options {
        $0.normalization = normalization
        $0.patch = [4]
        $0.augmentation = .none
        if target != nil {
          $0.target = .clean
          $0.mask = nil
        }
      }
      let near = try Trainings.train(
        options, TrainingData(images: [noisy], targets: target.map { [$0] }))
      let far = try Trainings.train(
        options, TrainingData(images: [Remote(noisy)], targets: target.map { [Remote($0)] }))
      for (a, b) in zip(near.history, far.history) {
        #expect(abs(a.loss - b.loss) <= 1e-4 * abs(a.loss))
        #expect(abs((a.validation ?? 0) - (b.validation ?? 1)) <= 1e-4 * abs(a.loss))
      }
    }
  }

  @Test func statisticsOfPiecesAreThoseOfTheWhole() throws {
    var image = try SmallData.image([7, 33, 9], axes: "ZYX")
    image.tensor.modify { values in
      values[3] = .nan
      values[77] = -.infinity
      values[78] = -1e20
      values[90] = 0
      values[91] = -0.0
    }
    let near = try ImageStatistics(of: image.tensor)
    let far = try ImageStatistics(of: Remote(image))
    #expect(near.count == far.count && near.invalid == far.invalid)
    #expect(near.min == far.min && near.max == far.max && near.median == far.median)
    #expect(abs(near.mean - far.mean) <= 1e-9 * abs(near.mean))
    #expect(abs(near.std - far.std) <= 1e-9 * near.std)
    #expect(abs(near.rms - far.rms) <= 1e-9 * near.rms)
    var sums = StreamedStatistics()
    let values = image.tensor.values
    sums.add(values)
    let sorted = values.filter(\.isFinite).sorted()
    for share in [0, 0.013, 0.5, 0.77, 1] {
      let quantile = try sums.quantiles([share]) { try $0(values) }[0]
      let rank = share * Double(sorted.count - 1)
      let low = Double(sorted[Int(rank.rounded(.down))])
      let high = Double(sorted[Int(rank.rounded(.up))])
      #expect(quantile == low + (high - low) * (rank - rank.rounded(.down)))
    }
  }
}
