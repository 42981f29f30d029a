import Denoise
import TensorEngine
import Testing

/// The native kernels against im2col and matrix products, on whole training steps.
@Suite struct EngineAgreementTests {
  static let networks: [(name: String, architecture: any Architecture, dimensions: Int)] = {
    var plain = UNet()
    plain.channels = 8
    var normless = plain
    normless.norm = .none
    normless.activation = .leaky(0.1)
    normless.unshuffle = 2
    normless.depth = 1
    normless.readsMask = true
    var added = plain
    added.skips = .add
    added.pool = .maxblur
    added.topSkip = false
    var linear = normless
    linear.up = .linear
    linear.pool = .average
    linear.residual = true
    var deconvolved = plain
    deconvolved.up = .transpose
    deconvolved.blocks = 1
    var wide = normless
    wide.channels = 24
    wide.growth = 1
    wide.kernel = 5
    var self2self = Self2SelfNet()
    (self2self.levels, self2self.encoder, self2self.decoder) = (2, 12, 20)
    self2self.tail = [10, 6]
    self2self.dropout = 0.3
    var unmasked = self2self
    unmasked.partial = false
    var dropped = plain
    dropped.dropout = 0.2
    var chain = DnCNN()
    (chain.depth, chain.channels) = (4, 17)
    let shapes: [(String, any Architecture)] = [
      ("unet", plain), ("folded unet", normless), ("added skips", added), ("linear", linear),
      ("transposed", deconvolved), ("wide", wide), ("self2self", self2self),
      ("self2self without masks", unmasked),
      ("dropout", dropped), ("dncnn", chain),
      ("single conv", SingleConv()),
    ]
    return shapes.flatMap { name, architecture in
      (1...3).map { (name, architecture, $0) }
    }
  }()

  private func step(
    _ architecture: any Architecture, shape: [Int], seed: UInt64, _ engine: Engine
  ) throws -> (values: [Float], gradient: [Float], parameters: [Float]) {
    let trace = Trace(training: true)
    let input = trace.graph.input("input", shape: shape)
    let visible = trace.graph.input("visible", shape: shape)
    let target = trace.graph.input("target", shape: shape)
    let output = try architecture.build(
      NetworkInput(image: input, visible: visible), channels: shape[1],
      with: NetworkBuilder(trace))
    let loss = try ((output - target).square() * visible).mean()
    let parameters = try ParameterBuffer(Parameters(layout: trace.layout, seed: seed))
    let step = try TrainingStep(
      trace, inputs: [input, visible, target], loss: loss, watched: [output.mean()],
      parameters: parameters, engine: engine)
    var stream = RandomStream(seed: 1, purpose: .sample)
    let batch = [
      Tensor(shape: shape) { _ in stream.normal() },
      Tensor(shape: shape) { _ in stream.bernoulli(0.8) ? 1 : 0 },
      Tensor(shape: shape) { _ in stream.normal() },
    ]
    let values = try step.run(batch, moment: Moment())
    return (values, step.gradientValues, parameters.values)
  }

  /// With some starts a number before a ReLU is zero but for rounding, and its sign, and with it a
  /// part of the gradient, is another in each engine and on each processor. What is wrong is wrong with
  /// every start: where one does not agree, two others must, and the one may differ but little.
  @Test(arguments: networks.indices)
  func agree(_ index: Int) throws {
    let (name, architecture, dimensions) = Self.networks[index]
    for channels in [1, 3] {
      let shape = [2, channels] + [[32], [16, 24], [8, 16, 8]][dimensions - 1]
      let label = Comment(rawValue: "\(name), \(dimensions)-D, \(channels) channels")
      func difference(seed: UInt64) throws -> Float {
        let native = try step(architecture, shape: shape, seed: seed, .native)
        let reference = try step(architecture, shape: shape, seed: seed, .reference)
        #expect(reference.gradient.contains { $0 != 0 }, label)
        return max(
          self.difference(native.values, reference.values),
          self.difference(native.gradient, reference.gradient),
          self.difference(native.parameters, reference.parameters))
      }
      let first = try difference(seed: 4)
      #expect(first < 1e-2, label)
      if first >= 1e-4 {
        #expect(try difference(seed: 5) < 1e-4, label)
        #expect(try difference(seed: 6) < 1e-4, label)
      }
    }
  }

  /// Largest difference over the largest value.
  private func difference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count, a.allSatisfy(\.isFinite) else { return .infinity }
    let scale = b.map(abs).max() ?? 0
    let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    return worst / (scale + 1e-4)
  }
}
