import TensorEngine

/// A network and its loss written down for one shape of batch, [samples, channels, space…].
struct WrittenStep {
  let trace: Trace
  let inputs: [Node]
  let loss: Node
  let terms: [Node]
  /// The prediction, [samples, channels, space…]; nil where the loss makes several.
  let output: Node?
  private let options: TrainingOptions
  private let shape: [Int]

  init(_ options: TrainingOptions, shape: [Int], training: Bool) throws {
    self.options = options
    self.shape = shape
    trace = Trace(training: training)
    let builder = NetworkBuilder(trace)
    let input = trace.graph.input("input", shape: shape)
    let target = trace.graph.input("target", shape: shape)
    let hidden = trace.graph.input("hidden", shape: shape)
    // The three lines: what the net sees (drawn by `BatchMaker`), the net, where the loss looks.
    let visible = trace.graph.input("visible", shape: shape)
    if options.target == .diagonals {
      (loss, terms) = try DiagonalPairs.loss(options, input: input, hidden: hidden, with: builder)
      output = nil
    } else {
      let seen = NetworkInput(image: input, visible: options.mask == nil ? nil : visible)
      let prediction = try options.architecture.build(seen, channels: shape[1], with: builder)
      (loss, terms) = try options.loss.nodes(
        prediction: prediction, target: target, hidden: hidden)
      output = prediction
    }
    inputs = [input, target, hidden, visible]
  }

  /// Bytes of a training by this step: the step itself, the loss on data kept for validation and
  /// the optimiser's moments.
  private var bytes: Int {
    get throws {
      let quiet = try WrittenStep(options, shape: shape, training: false)
      return try TrainingStep.bytes(
        trace, inputs: inputs, loss: loss, watched: terms, precision: options.precision)
        + Plan.bytes(
          quiet.trace.graph, outputs: [quiet.loss], inputs: quiet.inputs,
          precision: options.precision)
        + 3 * MemoryLayout<Float>.stride * trace.layout.count
    }
  }

  /// - Throws: `DenoiseError` where a training would take more bytes than `limit`, with the batch
  ///   that fits.
  func check(fits limit: Int) throws {
    let needed = try bytes
    guard needed > limit else { return }
    let message =
      "batch \(shape[0]) needs \(ByteCount(needed)) of memory; the limit is \(ByteCount(limit))"
    var batch = shape[0] / 2
    while batch >= 1 {
      var smaller = shape
      smaller[0] = batch
      let bytes = try WrittenStep(options, shape: smaller, training: true).bytes
      if bytes <= limit {
        throw DenoiseError(message, hint: "batch=\(batch) fits (\(ByteCount(bytes)))")
      }
      batch /= 2
    }
    throw DenoiseError(message, hint: "take a smaller `patch` or a smaller network")
  }
}
