import Denoise
import TensorEngine
import Testing

@Suite struct PredictionTests {
  /// A model that was never trained: its answers mean nothing, but how they come about shows.
  static func model(
    _ architecture: any Architecture, dimensions: Int, channels: Int = 1, mask: (any Mask)? = nil
  ) throws -> TrainedModel {
    let shape = [1, channels] + Array(repeating: architecture.multiple * 4, count: dimensions)
    var parameters = try WrittenNetwork(architecture, shape: shape, training: false).parameters
    // Biases that are not zero, so that borders and padding show.
    for (entry, offset) in zip(parameters.layout.entries, parameters.layout.offsets)
    where entry.name.hasSuffix("bias") {
      for index in 0..<entry.shape.product {
        parameters.values[offset + index] = 0.1 * Float(index % 3 + 1)
      }
    }
    return TrainedModel(
      method: "n2v", architecture: architecture, mask: mask, channels: channels,
      dimensions: dimensions,
      scale: IntensityScale(
        method: .none, offsets: Array(repeating: 0.5, count: channels),
        scales: Array(repeating: 2, count: channels)),
      parameters: parameters, prediction: PredictionOptions(), history: [], best: nil,
      progress: TrainingProgress(), options: [], seed: 0)
  }

  private static func options(_ change: (inout PredictionOptions) -> Void) -> PredictionOptions {
    var options = PredictionOptions()
    change(&options)
    return options
  }

  private static func predict(
    _ model: TrainedModel, _ image: Image, _ change: (inout PredictionOptions) -> Void = { _ in }
  ) throws -> Tensor {
    try Predictor(model, options(change)).predict(image).image.tensor
  }

  /// Without what is random at prediction: tiles draw their own dropout.
  static func quiet(_ architecture: any Architecture) -> any Architecture {
    guard var net = architecture as? Self2SelfNet else { return architecture }
    net.dropout = 0
    return net
  }

  @Test(arguments: Network.all)
  func reachIsAsFarAsItSees(network: Network) throws {
    for dimensions in network.dimensions {
      let architecture = PredictionTests.quiet(network.architecture)
      let reach = architecture.reach
      let multiple = architecture.multiple
      // Long along one axis, short along the others.
      let length = (4 * reach + 8 * multiple) / multiple * multiple
      let side = max(multiple, 4)
      let shape = Array(repeating: side, count: dimensions - 1) + [length]
      let model = try PredictionTests.model(architecture, dimensions: dimensions)
      let image = try SmallData.image(shape)
      let before = try PredictionTests.predict(model, image)
      var farthest = 0
      for middle in length / 2..<length / 2 + multiple {
        var other = image
        other.tensor.modify { values in
          for row in stride(from: 0, to: values.count, by: length) { values[row + middle] += 40 }
        }
        let after = try PredictionTests.predict(model, other)
        for index in before.values.indices where before.values[index] != after.values[index] {
          farthest = max(farthest, abs(index % length - middle))
        }
      }
      #expect(farthest <= reach, "\(dimensions)-D: it sees \(farthest) far, not \(reach)")
      // Not much more is thrown away at the borders of tiles than needed.
      #expect(2 * farthest + 8 * multiple >= reach, "\(farthest) for a reach of \(reach)")
    }
  }

  @Test(arguments: Network.all)
  func tilesEqualTheWhole(network: Network) throws {
    for dimensions in network.dimensions {
      let architecture = PredictionTests.quiet(network.architecture)
      let tile = 2 * architecture.reach + 2 * architecture.multiple
      // Odd sides, cut along one axis or two.
      let sides = [1: [3 * tile + 1], 2: [tile + 9, tile + 5], 3: [5, 7, tile + 7]]
      let image = try SmallData.image(sides[dimensions] ?? [])
      let mask = try BernoulliMask(fill: .interpolate)
      let model = try PredictionTests.model(architecture, dimensions: dimensions, mask: mask)
      for mode in [PredictionOptions.Mode.single, .dropout] {
        let whole = try PredictionTests.predict(model, image) { $0.mode = mode }
        let cut = try Predictor(
          model,
          PredictionTests.options {
            $0.mode = mode
            $0.tile = [tile]
          }
        ).predict(image)
        #expect(cut.tile != nil, "it was not cut")
        let largest = whole.values.reduce(Float(1)) { max($0, abs($1)) }
        let error = zip(whole.values, cut.image.tensor.values).reduce(Float(0)) {
          max($0, abs($1.0 - $1.1))
        }
        #expect(error <= 2e-5 * largest, "\(dimensions)-D, \(mode): \(error) of \(largest)")
      }
    }
  }

  @Test func memoryCutsTiles() throws {
    let model = try PredictionTests.model(Network.unet { $0.norm = .batch }, dimensions: 2)
    let image = try SmallData.image([200, 150])
    let whole = try PredictionTests.predict(model, image)
    let cut = try Predictor(model, PredictionTests.options { $0.memory = 1_000_000 }).predict(image)
    let tile = try #require(cut.tile)
    #expect(tile.product < 200 * 150)
    for (x, y) in zip(whole.values, cut.image.tensor.values) { #expect(abs(x - y) < 1e-3) }
    let error = #expect(throws: DenoiseError.self) {
      try Predictor(model, PredictionTests.options { $0.memory = 1000 }).predict(image)
    }
    #expect(error?.hint == "give more `memory`")
  }

  @Test(arguments: Network.all)
  func anySizeWorks(network: Network) throws {
    for dimensions in network.dimensions {
      let model = try PredictionTests.model(network.architecture, dimensions: dimensions)
      for side in [1, 2, 7] {
        let shape = Array(repeating: side, count: dimensions - 1) + [side + 4]
        let result = try PredictionTests.predict(model, SmallData.image(shape))
        #expect(result.shape == shape)
        #expect(result.values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func sameSeedSamePrediction() throws {
    var net = Self2SelfNet()
    net.levels = 1
    net.encoder = 4
    net.decoder = 4
    net.tail = [4]
    let model = try PredictionTests.model(net, dimensions: 2, mask: BernoulliMask())
    let image = try SmallData.image([20, 22])
    func passes(_ seed: UInt64) throws -> Tensor {
      try PredictionTests.predict(model, image) {
        $0.mode = .dropout
        $0.samples = 4
        $0.seed = seed
      }
    }
    let (first, again, other) = (try passes(1), try passes(1), try passes(2))
    #expect(first == again && first != other)
  }

  @Test func spreadIsTheDeviationOverPasses() throws {
    let model = try PredictionTests.model(
      Network.unet(), dimensions: 2, mask: BernoulliMask(fill: .interpolate))
    let image = try SmallData.image([12, 14])
    let outcome = try Predictor(
      model,
      PredictionTests.options {
        $0.mode = .dropout
        $0.samples = 2
      }
    ).predict(image)
    #expect(outcome.passes == 2)
    let spread = try #require(outcome.spread).tensor
    #expect(spread.shape == [12, 14])
    // Of two passes a and b the mean is (a + b) / 2, the deviation |a - b| / 2; a is known.
    let first = try PredictionTests.predict(model, image) { $0.mode = .dropout }
    for index in spread.values.indices {
      let expected = abs(first.values[index] - outcome.image.tensor.values[index])
      #expect(abs(spread.values[index] - expected) < 1e-4)
    }
    #expect(try Predictor(model).predict(image).spread == nil)
  }

  @Test func turnedPassesCoverEveryOrientation() throws {
    for (dimensions, count) in [(1, 2), (2, 8), (3, 48)] {
      let model = try PredictionTests.model(
        SingleConv(), dimensions: dimensions, mask: BernoulliMask(fill: .interpolate))
      let image = try SmallData.image([5, 6, 7].suffix(dimensions).map { $0 })
      for mode in [PredictionOptions.Mode.single, .dropout] {
        let outcome = try Predictor(
          model,
          PredictionTests.options {
            $0.turns = .all
            $0.mode = mode
          }
        ).predict(image)
        #expect(outcome.passes == count)
      }
      // A mean over all orientations turns with its image.
      let averaged = try PredictionTests.predict(model, image) { $0.turns = .all }
      for turn in Orientation.all(rank: dimensions) {
        let turned = try Image(turn.applied(to: image.tensor))
        let result = try PredictionTests.predict(model, turned) { $0.turns = .all }
        let expected = try turn.applied(to: averaged)
        #expect(zip(result.values, expected.values).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
  }

  @Test func phasesPredictNoPixelFromItself() throws {
    let model = try PredictionTests.model(
      Network.unet(), dimensions: 2, mask: GridMask(width: 3))
    let image = try SmallData.image([13, 14])
    let before = try PredictionTests.predict(model, image) { $0.mode = .phases }
    let single = try PredictionTests.predict(model, image)
    for pixel in stride(from: 0, to: image.tensor.count, by: 11) {
      var other = image
      other.tensor.modify { $0[pixel] += 5 }
      let after = try PredictionTests.predict(model, other) { $0.mode = .phases }
      #expect(after.values[pixel] == before.values[pixel])
      #expect(after != before)
      #expect(try PredictionTests.predict(model, other).values[pixel] != single.values[pixel])
    }
    let error = #expect(throws: DenoiseError.self) {
      try PredictionTests.predict(
        PredictionTests.model(SingleConv(), dimensions: 2), image
      ) { $0.mode = .phases }
    }
    #expect(error?.message == "mode=phases is for models trained with a grid mask")
  }

  @Test func mixingBackIsLinear() throws {
    let model = try PredictionTests.model(SingleConv(), dimensions: 1)
    let image = try SmallData.image([30])
    let pure = try PredictionTests.predict(model, image)
    let mixed = try PredictionTests.predict(model, image) { $0.mixBack = .share(0.25) }
    for (index, value) in mixed.values.enumerated() {
      let expected = 0.75 * pure.values[index] + 0.25 * image.tensor.values[index]
      #expect(abs(value - expected) < 1e-5)
    }
  }

  @Test func resultIsInTheUnitsOfTheImage() throws {
    // A network that hands its input through must give the image back, whatever the scale.
    var net = SingleConv()
    net.kernel = 1
    var model = try PredictionTests.model(net, dimensions: 2, channels: 2)
    model.parameters.values = [1, 0, 0, 1, 0, 0]
    let image = try SmallData.image([2, 9, 8], axes: "CYX")
    let result = try PredictionTests.predict(model, image)
    #expect(zip(result.values, image.tensor.values).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func otherDataIsRefused() throws {
    let model = try PredictionTests.model(SingleConv(), dimensions: 2)
    func refusal(_ image: Image, _ change: (inout PredictionOptions) -> Void = { _ in }) -> String?
    {
      #expect(throws: DenoiseError.self) {
        try PredictionTests.predict(model, image, change)
      }?.message
    }
    let trained = "the model was trained on 1 channel(s) in 2-D; this is "
    #expect(
      try refusal(SmallData.image([2, 8, 8], axes: "CYX")) == trained + "2 in 2-D")
    #expect(try refusal(SmallData.image([8, 8, 8])) == trained + "1 in 3-D")
    #expect(try refusal(SmallData.image([8])) == trained + "1 in 1-D")
    let picture = try SmallData.image([8, 8])
    #expect(refusal(picture) { $0.samples = 0 } == "`samples` is 1 or more, not 0")
    #expect(
      refusal(picture) { $0.tile = [4, 4, 4] } == "`tile` gives 3 sides for 2 axes")
    #expect(
      try #require(refusal(SmallData.image([40, 40])) { $0.tile = [2] }).contains("tile"))
  }

  @Test func interruptStopsBetweenPasses() async {
    await #expect(processExitsWith: .success) {
      let model = try PredictionTests.model(SingleConv(), dimensions: 2)
      let image = try SmallData.image([16, 16])
      Interrupt.raiseHere()
      #expect(throws: Interrupted.self) { try PredictionTests.predict(model, image) }
      Interrupt.clear()
      #expect(try PredictionTests.predict(model, image).shape == [16, 16])
    }
  }
}
