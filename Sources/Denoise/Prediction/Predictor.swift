import TensorEngine

/// Denoises images with a trained network: passes, orientations, phases and tiles.
public final class Predictor {
  let model: TrainedModel
  let options: PredictionOptions
  private let parameters: ParameterBuffer
  /// Bytes that plans may take.
  let limit: Int
  private var plans: [Form: Plan] = [:]
  /// Tiles found to fit in memory, by the size of what is cut.
  private var sizes: [[Int]: [Int]] = [:]

  /// What plans are made for.
  private struct Form: Hashable {
    let space: [Int]
    /// Whether pixels are hidden: else the network is not told which.
    let hides: Bool
    /// What is kept of the result; all of it where nil.
    var kept: Box?
  }

  /// What a prediction comes to.
  public struct Outcome: Sendable {
    public var image: Image
    /// Standard deviation over the passes, pixel by pixel; nil for one pass.
    public let spread: Image?
    public let passes: Int
    /// Sides of a tile, where the image was cut.
    public let tile: [Int]?
  }

  public init(_ model: TrainedModel, _ options: PredictionOptions? = nil) throws {
    self.model = model
    self.options = options ?? model.prediction
    parameters = try ParameterBuffer(model.parameters)
    limit = self.options.memory ?? SystemMemory.available / 2
    guard self.options.samples >= 1 else {
      throw DenoiseError("`samples` is 1 or more, not \(self.options.samples)")
    }
  }

  /// Denoises an image of the axes the model was trained on, of any size.
  ///
  /// - Parameter observe: told the share that is done, 0 to 1.
  /// - Throws: `DenoiseError` where channels or axes differ; `Interrupted` between passes.
  public func predict(
    _ image: Image, observe: (Double) -> Void = { _ in }
  ) throws -> Outcome {
    if let preparation = model.preparation {
      return try predict(image, prepared: preparation, observe: observe)
    }
    let layout = try SampleLayout(of: image)
    try check(layout)
    let samples = try layout.samples(of: image)
    var results: [Tensor] = []
    var spreads: [Tensor] = []
    var tile: [Int]?
    for (index, sample) in samples.enumerated() {
      let result = try predict(sample, number: index) { done in
        observe((Double(index) + done) / Double(samples.count))
      }
      results.append(result.mean)
      if let spread = result.spread { spreads.append(spread) }
      tile = result.tile
    }
    var denoised = try options.blend.applied(
      to: layout.image(from: results, like: image), of: image)
    if case .shells(let weights?) = options.mixBack {
      denoised = try weights.applied(to: denoised, of: image)
    }
    denoised.stored = .float32
    let spread =
      spreads.count == results.count ? try layout.image(from: spreads, like: denoised) : nil
    return Outcome(image: denoised, spread: spread, passes: passes.count, tile: tile)
  }

  /// - Throws: `DenoiseError` where channels or axes are not those of the training.
  func check(_ layout: SampleLayout) throws {
    guard layout.space.count == model.dimensions, layout.channelCount == model.channels else {
      throw DenoiseError(
        "the model was trained on \(model.channels) channel(s) in \(model.dimensions)-D; "
          + "this is \(layout.channelCount) in \(layout.space.count)-D")
    }
  }

  /// One look at the image: how it is turned and what is hidden.
  struct Pass {
    let orientation: Orientation
    let mask: (any Mask)?
    let number: Int
    /// Only hidden pixels count.
    let hiddenOnly: Bool
  }

  var passes: [Pass] {
    let rank = model.dimensions
    // Noise that was learnt along one axis must not be asked for along another.
    let turns = options.turns.orientations(rank: rank).filter {
      model.mask?.isKept(by: $0) ?? true
    }
    switch options.mode {
    case .single:
      return turns.enumerated().map {
        Pass(orientation: $0.element, mask: nil, number: $0.offset, hiddenOnly: false)
      }
    case .phases:
      guard let grid = model.mask as? GridMask else { return [] }
      return turns.flatMap { turn in
        (0..<grid.phases(dimensions: rank)).map {
          Pass(orientation: turn, mask: grid.hiding(phase: $0), number: $0, hiddenOnly: true)
        }
      }
    case .dropout:
      let mask = model.mask?.scaled(by: model.scale)
      // Every orientation is seen at least once.
      return (0..<max(options.samples, turns.count)).map {
        Pass(
          orientation: turns[$0 % turns.count], mask: mask, number: $0, hiddenOnly: false)
      }
    }
  }

  func predict(
    _ sample: Tensor, number: Int, observe: (Double) -> Void
  ) throws -> (mean: Tensor, spread: Tensor?, tile: [Int]?) {
    let passes = passes
    guard !passes.isEmpty else {
      throw DenoiseError(
        "mode=phases is for models trained with a grid mask", hint: "take mode=single")
    }
    if isStraight {
      let (mean, tile) = try straight(sample, number: number, observe: observe)
      return (mean, nil, tile)
    }
    let batch = try model.scale.applied(to: sample.reshaped([1] + sample.shape))
    var sums = Moments()
    var tile: [Int]?
    for (index, pass) in passes.enumerated() {
      try Interrupt.check()
      let turned = try pass.orientation.applied(to: batch)
      let stream = RandomStream(
        seed: options.seed, purpose: .prediction, epoch: number, step: pass.number)
      let masked = try pass.mask?.applied(to: turned, streams: [stream])
      let moment = Moment(seed: options.seed, epoch: -2 - number, step: pass.number)
      let space = Array(turned.shape.dropFirst(2))
      let padding = Padding(of: space, toMultipleOf: model.architecture.multiple)
      let result = try tiled(
        try padding.applied(to: masked?.input ?? turned),
        try masked.map { try padding.applied(to: $0.visible) }, moment, &tile
      ) { observe((Double(index) + $0) / Double(passes.count)) }
      let back = pass.orientation.inverse
      let whole = try back.applied(to: padding.removed(from: result))
      let weights = try pass.hiddenOnly ? masked.map { try back.applied(to: $0.hidden) } : nil
      sums.add(whole.values, weights: weights?.values)
      observe(Double(index + 1) / Double(passes.count))
    }
    let mean = sums.mean
    let share =
      try options.mixBack == .byError ? mixByError(mean, batch) : options.mixBack.everywhere
    let mixed = Predictor.mixed(mean, batch.values, share)
    let result = try model.scale.undone(on: Tensor(mixed, shape: batch.shape))
    let area = sample.count / max(1, model.channels)
    let scales = model.scale.scales
    let spread =
      passes.count > 1 && !passes[0].hiddenOnly
      ? sums.deviation.enumerated().map { Float(scales[$0.offset / area]) * $0.element } : nil
    return (
      try result.reshaped(sample.shape), try spread.map { try Tensor($0, shape: sample.shape) },
      tile
    )
  }

  /// The share of the noisy image in its best mixture with a prediction that did not see it.
  private func mixByError(_ result: [Float], _ batch: Tensor) throws -> Double {
    guard options.mode == .phases else {
      throw DenoiseError(
        "only a prediction by phases knows its own error", hint: "give `mode=phases`, or a number")
    }
    let axes = String("ZYX".suffix(model.dimensions))
    let noisy = try Image(batch.reshaped(Array(batch.shape.dropFirst())), axes: "C" + axes)
    let sigma = try Metrics.noiseLevel(of: noisy)
    let loss = zip(result, batch.values).reduce(0.0) { sum, pair in
      let error = Double(pair.0 - pair.1)
      return sum + error * error
    }
    let error = loss / Double(max(1, batch.count))
    return error > sigma * sigma ? 1 - sigma * sigma / error : 0
  }

  private static func mixed(_ result: [Float], _ noisy: [Float], _ share: Double) -> [Float] {
    guard share > 0 else { return result }
    let share = Float(share)
    return zip(result, noisy).map { $0 * (1 - share) + $1 * share }
  }

  /// The network's result on a batch of one, in tiles where it is large.
  private func tiled(
    _ input: Tensor, _ visible: Tensor?, _ moment: Moment, _ tile: inout [Int]?,
    _ observe: (Double) -> Void
  ) throws -> Tensor {
    let space = Array(input.shape.dropFirst(2))
    let sides = try tileSides(for: space)
    if sides == space { return try run(input, visible, moment) }
    tile = sides
    let tiling = try tiling(of: space, sides)
    var whole = Tensor(repeating: 0, shape: input.shape)
    for (index, tile) in tiling.tiles.enumerated() {
      try Interrupt.check()
      let part = try run(
        tiling.read(tile, of: input), try visible.map { try tiling.read(tile, of: $0) }, moment)
      try tiling.write(part, of: tile, into: &whole)
      observe(Double(index + 1) / Double(tiling.tiles.count))
    }
    return whole
  }

  /// Elements at each side of a tile that are thrown away.
  var overlap: Int { options.overlap ?? model.architecture.reach }

  /// The sides the network wants of a space.
  func padded(_ space: [Int]) -> [Int] {
    space.map { $0.roundedUp(toMultipleOf: model.architecture.multiple) }
  }

  /// The tile asked for, cut to the space.
  func askedTile(for space: [Int]) throws -> [Int]? {
    let multiple = model.architecture.multiple
    guard let asked = options.tile else { return nil }
    guard asked.count == 1 || asked.count == space.count else {
      throw DenoiseError("`tile` gives \(asked.count) sides for \(space.count) axes")
    }
    return space.indices.map { axis in
      let side = asked.count == 1 ? asked[0] : asked[axis]
      return min(space[axis], max(multiple, side.roundedUp(toMultipleOf: multiple)))
    }
  }

  /// The tile asked for, or the whole, or what computes least among the tiles that fit in memory.
  func tileSides(for space: [Int]) throws -> [Int] {
    if let asked = try askedTile(for: space) { return asked }
    if let known = sizes[space] { return known }
    let sides = try TileChoice(
      space: space, multiple: model.architecture.multiple,
      overlap: overlap
    ).best(within: limit) { try bytes($0, of: space) }
    sizes[space] = sides
    return sides
  }

  /// Overlapping tiles of these sides; along an axis that a tile spans whole there is no overlap.
  func tiling(of space: [Int], _ sides: [Int]) throws -> Tiling {
    return try Tiling(
      of: space, tile: sides, overlap: sides.indices.map { sides[$0] == space[$0] ? 0 : overlap },
      multiple: model.architecture.multiple)
  }

  /// Bytes of one pass over a tile of a space.
  func bytes(_ sides: [Int], of space: [Int]) throws -> Int {
    var form = Form(space: sides, hides: passes.contains { $0.mask != nil })
    if isStraight, sides != space {
      // The tile that keeps most: one that is cut at one end of each axis.
      let multiple = model.architecture.multiple
      let frame = overlap.roundedUp(toMultipleOf: multiple)
      form.kept = Box(
        origin: sides.map { _ in 0 },
        size: sides.indices.map {
          sides[$0] == space[$0] ? sides[$0] : max(multiple, sides[$0] - frame)
        })
    }
    let written = try write(form)
    return try Plan.bytes(
      written.graph, outputs: [written.output], inputs: written.inputs,
      precision: options.precision)
  }

  private func write(_ form: Form) throws -> (graph: Graph, inputs: [Node], output: Node) {
    let trace = Trace(training: false)
    let shape = [1, model.channels] + form.space
    let image = trace.graph.input("image", shape: shape)
    let visible = form.hides ? trace.graph.input("visible", shape: shape) : nil
    let output = try model.architecture.build(
      NetworkInput(image: image, visible: visible, wanted: form.kept), channels: model.channels,
      with: NetworkBuilder(trace))
    return (trace.graph, [image] + (visible.map { [$0] } ?? []), output)
  }

  private func run(_ input: Tensor, _ visible: Tensor?, _ moment: Moment) throws -> Tensor {
    let space = Array(input.shape.dropFirst(2))
    let plan = try plan(Form(space: space, hides: visible != nil))
    return try plan.run([input] + (visible.map { [$0] } ?? []), moment: moment)[0]
  }

  private func plan(_ form: Form) throws -> Plan {
    if let known = plans[form] { return known }
    let written = try write(form)
    // Images of many sizes, or turned ones, must not add up to more than one may take.
    let needed = try Plan.bytes(
      written.graph, outputs: [written.output], inputs: written.inputs,
      precision: options.precision)
    var last: Plan?
    if plans.values.reduce(needed, { $0 + $1.bytes }) > limit {
      last = plans.values.max { $0.bytes < $1.bytes }
      plans = [:]
    }
    let plan = try Plan(
      written.graph, outputs: [written.output], inputs: written.inputs, parameters: parameters,
      precision: options.precision, over: &last)
    plans[form] = plan
    return plan
  }

  /// The plan for a space of which nothing is hidden, and not all is kept.
  func plan(seeing space: [Int], keeping kept: Box) throws -> Plan {
    try plan(Form(space: space, hides: false, kept: kept.size == space ? nil : kept))
  }
}

/// Running sums of passes. One that counts everywhere alike is kept as it is until another comes:
/// sums take six times its memory.
private struct Moments {
  private var only: [Float]?
  private var total: [Double] = []
  private var squares: [Double] = []
  private var weights: [Double] = []

  mutating func add(_ values: [Float], weights given: [Float]?) {
    if only == nil, total.isEmpty, given == nil {
      only = values
      return
    }
    if total.isEmpty {
      total = Array(repeating: 0, count: values.count)
      (squares, weights) = (total, total)
    }
    if let first = only {
      only = nil
      sum(first, weights: nil)
    }
    sum(values, weights: given)
  }

  private mutating func sum(_ values: [Float], weights given: [Float]?) {
    for index in values.indices {
      let weight = given.map { Double($0[index]) } ?? 1
      let value = Double(values[index])
      total[index] += weight * value
      squares[index] += weight * value * value
      weights[index] += weight
    }
  }

  var mean: [Float] { only ?? zip(total, weights).map { Float($0 / max($1, 1e-30)) } }

  var deviation: [Float] {
    total.indices.map { index in
      let mean = total[index] / weights[index]
      return Float(max(0, squares[index] / weights[index] - mean * mean).squareRoot())
    }
  }
}
