import Denoise
import TensorEngine
import Testing

/// What is trained with the native kernels, and in bfloat16, against the same by im2col.
@Suite struct TrainingAgreementTests {
  /// Losses of so many steps of one small network on data that changes with the step.
  private func losses(
    _ engine: Engine, _ precision: Precision = .f32, dimensions: Int, steps: Int
  ) throws -> [Double] {
    var net = UNet()
    (net.depth, net.channels) = (1, 8)
    let shape = [2, 1] + [[64], [16, 16], [8, 8, 8]][dimensions - 1]
    let trace = Trace(training: true)
    let graph = trace.graph
    let (x, target, hidden) = (
      graph.input("x", shape: shape), graph.input("target", shape: shape),
      graph.input("hidden", shape: shape)
    )
    let y = try net.build(NetworkInput(image: x), channels: 1, with: NetworkBuilder(trace))
    let loss = try ((y - target).square() * hidden).sum() / hidden.sum()
    let parameters = try ParameterBuffer(Parameters(layout: trace.layout, seed: 5))
    let step = try TrainingStep(
      trace, inputs: [x, target, hidden], loss: loss, parameters: parameters, engine: engine,
      precision: precision)
    var state = OptimizerState()
    return try (0..<steps).map { index in
      var stream = RandomStream(seed: 2, purpose: .sample, step: index)
      let clean = Tensor(shape: shape) { Float($0 % 8) / 4 - 1 }
      let noisy = clean.values.map { $0 + 0.3 * stream.normal() }
      let batch = [
        try Tensor(noisy.map { $0 + 0.3 * stream.normal() }, shape: shape),
        try Tensor(noisy, shape: shape),
        Tensor(shape: shape) { _ in stream.bernoulli(0.3) ? 1 : 0 },
      ]
      let value = try step.run(batch, moment: Moment(seed: 1, epoch: 0, step: index))[0]
      state.advance(step, with: Optimizer(.adam), learningRate: 1e-3)
      return Double(value)
    }
  }

  @Test(arguments: 1...3)
  func twoHundredStepsAgree(_ dimensions: Int) throws {
    let native = try losses(.native, dimensions: dimensions, steps: 200)
    let reference = try losses(.reference, dimensions: dimensions, steps: 200)
    let apart = zip(native, reference).map { abs($0 - $1) / $1 }
    // Rounding grows with the steps: by a factor of some tens every fifty of them.
    #expect(apart.prefix(10).allSatisfy { $0 < 1e-5 }, "\(apart.prefix(10).max() ?? 0)")
    #expect(apart.allSatisfy { $0 < 2e-2 }, "\(apart.max() ?? 0)")
    let late = reference.suffix(20).reduce(0, +)
    #expect(late < 0.5 * reference.prefix(20).reduce(0, +))
  }

  @Test(arguments: 1...3)
  func halfPrecisionTrainsAsWell(_ dimensions: Int) throws {
    let full = try losses(.native, dimensions: dimensions, steps: 120).suffix(40).reduce(0, +)
    let half = try losses(.native, .bf16, dimensions: dimensions, steps: 120).suffix(40)
      .reduce(0, +)
    #expect(abs(half - full) < 0.05 * full, "\(half / full)")
  }
}
