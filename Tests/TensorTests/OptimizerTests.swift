import TensorEngine
import Testing

@Suite struct OptimizerTests {
  /// Ten steps along the gradients that PyTorch was given.
  @Test(
    arguments: [
      ("adam", Optimizer(.adam), nil),
      ("adam_decay", Optimizer(.adam, beta1: 0.8, beta2: 0.95, weightDecay: 0.1), nil),
      ("adamw", Optimizer(.adamw, weightDecay: 0.1), nil),
      ("radam", Optimizer(.radam), nil),
      ("radam_short", Optimizer(.radam, beta2: 0.7), nil),
      ("sgd", Optimizer(.sgd), nil),
      ("sgd_decay", Optimizer(.sgd, beta1: 0.5, weightDecay: 0.1), nil),
      ("sgd_clipped", Optimizer(.sgd), 1.5),
      ("adam_clipped", Optimizer(.adam), 1.5),
    ] as [(String, Optimizer, Double?)])
  func tenStepsAsPyTorch(_ name: String, _ optimizer: Optimizer, clip: Double?) throws {
    let reference = try ReferenceCase("optimizer_\(name)")
    let (start, gradients, trail) = (try reference["w"], try reference["g"], try reference["y"])
    let norms = try reference["norm"].values
    let count = start.count
    let (step, parameters) = try linearStep(start: start.values)
    var state = OptimizerState()
    for row in 0..<gradients.shape[0] {
      let range = row * count..<(row + 1) * count
      let gradient = try Tensor(Array(gradients.values[range]), shape: [count])
      _ = try step.run([gradient], moment: Moment(step: row))
      let norm = state.advance(step, with: optimizer, learningRate: 0.05, clip: clip)
      #expect(abs(Float(norm) - norms[row]) < 1e-5 * norms[row])
      expectClose(
        try Tensor(parameters.values, shape: [count]),
        try Tensor(Array(trail.values[range]), shape: [count]), tolerance: 3e-6,
        "\(name) step \(row + 1)")
    }
    #expect(state.steps == gradients.shape[0])
  }

  @Test func statesAreNotMoved() throws {
    let trace = Trace(training: true)
    let state = try trace.parameter("s", shape: [2], initial: .constant(5), trainable: false)
    let weight = try trace.parameter("w", shape: [2], initial: .constant(1))
    try trace.update(state, to: state * 2)
    let buffer = try ParameterBuffer(Parameters(layout: trace.layout, seed: 1))
    let step = try TrainingStep(
      trace, inputs: [], loss: (weight * state).sum(), watched: [state.sum()], parameters: buffer)
    #expect(try step.run([], moment: Moment()) == [10, 10])
    #expect(step.gradientValues == [5, 5, 0, 0])
    var optimizer = OptimizerState()
    let norm = optimizer.advance(step, with: Optimizer(.sgd), learningRate: 0.1)
    #expect(abs(norm - 50.squareRoot()) < 1e-6)
    #expect(buffer.values == [0.5, 0.5, 10, 10])
  }

  @Test func descriptionsNameEverySetting() {
    #expect(Optimizer(.sgd).description == "sgd(momentum=0.9, weight_decay=0.0)")
    #expect(
      Optimizer(.adamw).description
        == "adamw(beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0.01)")
  }

  /// A step whose gradient is its input.
  private func linearStep(start: [Float]) throws -> (TrainingStep, ParameterBuffer) {
    let trace = Trace(training: true)
    let weights = try trace.parameter("w", shape: [start.count], initial: .constant(0))
    let gradient = trace.graph.input("g", shape: [start.count])
    let buffer = try ParameterBuffer(Parameters(layout: trace.layout, values: start))
    let step = try TrainingStep(
      trace, inputs: [gradient], loss: (weights * gradient).sum(), parameters: buffer)
    return (step, buffer)
  }
}
