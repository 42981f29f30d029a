import TensorEngine

/// What a training looks at: samples [channels, space…], each perhaps with its target and with
/// weights that say where to train.
public struct TrainingData: Sendable {
  public let inputs: [SampleArray]
  public let targets: [SampleArray]?
  /// Of each sample's space; nil for everywhere alike.
  public let regions: [Tensor?]
  /// Whether samples are shown equally often, whatever their size.
  public var isEven = false
  private let measuredNoise = Remembered<MeasuredNoise?>()

  /// - Parameters:
  ///   - images: each one sample, or many along `S` or `T`; sizes may differ. Those that are not
  ///     in memory are read patch by patch.
  ///   - targets: for each image another of the same shape.
  ///   - regions: for each image where to train, of its space; nil for everywhere.
  /// - Throws: `DenoiseError` where shapes, channels or numbers of axes do not agree, or values
  ///   are not finite.
  public init(
    images: [any ImageSource], targets: [any ImageSource]? = nil, regions: [Tensor?]? = nil
  ) throws {
    guard !images.isEmpty else { throw DenoiseError("there is nothing to train on") }
    if let targets, targets.count != images.count {
      throw DenoiseError("\(images.count) images and \(targets.count) targets")
    }
    if let regions, regions.count != images.count {
      throw DenoiseError("\(images.count) images and \(regions.count) regions")
    }
    var inputs: [SampleArray] = []
    var answers: [SampleArray] = []
    var places: [Tensor?] = []
    for (index, image) in images.enumerated() {
      let layout = try SampleLayout(of: image)
      let samples = try layout.arrays(of: image)
      inputs += samples
      places += samples.map { _ in regions?[index] }
      guard let target = targets?[index] else { continue }
      guard target.shape == image.shape else {
        throw DenoiseError(
          "the target is \(target.shape.asShape), the data \(image.shape.asShape)",
          hint: "a target has the shape of its data")
      }
      answers += try layout.arrays(of: target)
    }
    try TrainingData.check(inputs)
    if !answers.isEmpty { try TrainingData.check(answers) }
    self.inputs = inputs
    self.targets = targets == nil ? nil : answers
    self.regions = places
  }

  private static func check(_ samples: [SampleArray]) throws {
    let first = samples[0]
    for sample in samples {
      guard sample.rank == first.rank, sample.shape[0] == first.shape[0] else {
        throw DenoiseError(
          "images of \(first.shape.asShape) and \(sample.shape.asShape) cannot train together",
          hint: "all need the same axes and channels")
      }
      // Files are looked through when their scale is found.
      guard try sample.isStreamed || sample.tensor().values.allSatisfy(\.isFinite) else {
        throw notNumbers
      }
    }
  }

  static let notNumbers = DenoiseError(
    "the data holds values that are not numbers",
    hint: "replace them first, for instance `x = where(x == x, x, 0)`")

  public var channels: Int { inputs[0].shape[0] }
  /// Axes of the space.
  public var dimensions: Int { inputs[0].rank - 1 }
  public var spaces: [[Int]] { inputs.map { Array($0.shape.dropFirst()) } }
  public var pixels: Int { inputs.map(\.count).reduce(0, +) }

  /// The inputs as images.
  ///
  /// - Throws: as reading does.
  var images: [Image] { get throws { try inputs.map { try Image($0.tensor(), axes: axes) } } }

  /// The targets, as images; nil where there are none.
  ///
  /// - Throws: as reading does.
  var others: [Image]? {
    get throws { try targets?.map { try Image($0.tensor(), axes: axes) } }
  }

  /// The noise of the inputs, measured once; nil where there is none to be found.
  ///
  /// - Throws: as reading does; `Interrupted`.
  package func noise() throws -> MeasuredNoise? {
    try measuredNoise.value { try MeasuredNoise(of: self) }
  }

  /// How long it took to measure the noise, if it was, in seconds.
  var secondsOfNoise: Double { measuredNoise.value??.seconds ?? 0 }

  /// The middle of some inputs, as images.
  ///
  /// - Throws: as reading does.
  func middles(side: Int, most count: Int) throws -> [Image] {
    let step = max(1, inputs.count / count)
    return try stride(from: 0, to: inputs.count, by: step).prefix(count).map { index in
      try Image(inputs[index].patch(middle(of: inputs[index], side: side)), axes: axes)
    }
  }

  /// Whether the middle of the first target is that of its input, so that nothing can be learnt.
  ///
  /// - Throws: as reading does.
  public var isItsOwnTarget: Bool {
    get throws {
      guard let target = targets?.first else { return false }
      let box = middle(of: target, side: 64)
      return try inputs[0].patch(box) == target.patch(box)
    }
  }

  /// How far the middle of the first target lies from its input, up to a few pixels; nil where
  /// there is no target, or too little space to tell.
  ///
  /// - Throws: as reading does.
  public var displacementOfTarget: Displacement? {
    get throws {
      guard let target = targets?.first, dimensions > 1 else { return nil }
      let box = middle(of: target, side: dimensions == 2 ? 256 : 64)
      guard box.size.dropFirst().allSatisfy({ $0 >= 16 }) else { return nil }
      let (one, other) = (try target.patch(box), try inputs[0].patch(box))
      do {
        return try Displacement(of: one, from: other, most: 4)
      } catch is DenoiseError {
        return nil  // one of them is the same everywhere
      }
    }
  }

  private func middle(of sample: SampleArray, side: Int) -> Box {
    let size = [channels] + sample.shape.dropFirst().map { min(side, $0) }
    return Box(origin: zip(sample.shape, size).map { ($0 - $1) / 2 }, size: size)
  }

  /// Axes of an input.
  private var axes: String { ["CX", "CYX", "CZYX"][dimensions - 1] }

  private init(inputs: [SampleArray], targets: [SampleArray]?, regions: [Tensor?]) {
    self.inputs = inputs
    self.targets = targets
    self.regions = regions
  }

  /// The same data on the scale the network sees.
  func scaled(by scale: IntensityScale) throws -> TrainingData {
    var data = TrainingData(
      inputs: try inputs.map { try $0.scaled(by: scale) },
      targets: try targets?.map { try $0.scaled(by: scale) }, regions: regions)
    data.isEven = isEven
    return data
  }

  /// The scale that a normalisation finds in the inputs.
  func scale(_ normalization: Normalization) throws -> IntensityScale {
    guard inputs.contains(where: \.isStreamed) else {
      return try normalization.fitted(
        to: inputs.map { try $0.tensor().reshaped([1] + $0.shape) })
    }
    return try normalization.fitted(toPiecesOf: inputs)
  }
}
