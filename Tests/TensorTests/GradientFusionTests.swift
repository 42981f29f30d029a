import TensorEngine
import Testing

@Suite struct GradientFusionTests {
  /// A small encoder and decoder with a skip, pooling and batch norm, and all that a step asks for.
  struct Step {
    let graph = Graph()
    let inputs: [Node]
    let wanted: [Node]

    init() throws {
      let shapes = [[2, 5, 4, 6], [6, 5, 3, 3], [6, 6, 3, 3], [2, 12, 3, 3], [6]]
      let inputs =
        [graph.input("x", shape: shapes[0])]
        + shapes.dropFirst().enumerated().map { [graph] in
          graph.input("parameter \($0.offset)", shape: $0.element)
        }
      let a = try Node.fusedConvolution([inputs[0]], weights: inputs[1], slope: 0.1)
      let low = try Node.fusedConvolution([a.maxPooled(2)], weights: inputs[2])
      let normal = try low.batchNormalized(
        moments: low.channelMoments(), ofBatch: true, gamma: inputs[4], beta: inputs[4])
      let y = try Node.fusedConvolution([normal, a], scales: [2, 1], weights: inputs[3])
      let loss = try y.square().sum() + a.sum()
      self.inputs = inputs
      wanted = try [loss] + graph.gradients(of: loss, with: inputs)
    }
  }

  @Test func theSameIsComputed() throws {
    let step = try Step()
    let fused = try GradientFusion(step.graph, outputs: step.wanted)
    var stream = RandomStream(seed: 4, purpose: .sample)
    let numbers = step.inputs.map { input in
      (0..<input.count).map { _ in Double(stream.normal()) }
    }
    let before = try step.graph.evaluate(step.wanted, inputs: Array(zip(step.inputs, numbers)))
    let after = try fused.graph.evaluate(
      step.wanted.map(fused.callAsFunction),
      inputs: Array(zip(step.inputs.map(fused.callAsFunction), numbers)))
    #expect(before.map(\.count) == after.map(\.count))
    for (x, y) in zip(before.joined(), after.joined()) {
      #expect(abs(x - y) <= 1e-9 * (1 + abs(x)))
    }
  }

  @Test func sumsAndActivationsAreTakenIn() throws {
    let step = try Step()
    let fused = try GradientFusion(step.graph, outputs: step.wanted)
    func labels(_ graph: Graph, _ outputs: [Node]) -> [String] {
      graph.operations(for: outputs).map(\.label)
    }
    let found = labels(fused.graph, try step.wanted.map(fused.callAsFunction))
    #expect(found.contains("conv + sums"))
    #expect(found.contains("channel moments from sums"))
    #expect(found.contains("max pool gradient + relu gradient + sum"))
    // The gradient of the plain sum is all that still goes through a pass of its own.
    #expect(found.filter { $0 == "relu gradient" }.count == 1)
    #expect(labels(step.graph, step.wanted).contains("max pool gradient"))
  }
}
