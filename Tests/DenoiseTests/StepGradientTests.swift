import Denoise
import TensorEngine
import Testing

/// The gradient of a whole training step, as the trainer computes it, against central differences
/// of the same graph in double precision.
@Suite struct StepGradientTests {
  private static let sides = [1: [16], 2: [8, 8], 3: [4, 4, 4]]

  @Test(arguments: Network.all)
  func gradientOfParametersIsTheSlope(network: Network) throws {
    for dimensions in network.dimensions {
      let shape = [2, 2] + (StepGradientTests.sides[dimensions] ?? [])
      let written = try WrittenNetwork(network.architecture, shape: shape, training: true)
      let graph = written.trace.graph
      let target = graph.input("target", shape: shape)
      let hidden = graph.input("hidden", shape: shape)
      let loss = try Loss(MeanSquaredError()).nodes(
        prediction: written.output, target: target, hidden: hidden
      ).total
      let visible = Tensor(shape: shape) { $0 % 4 == 0 ? 0 : 1 }
      let inputs = [
        SmallData.random(shape), visible, SmallData.random(shape, seed: 2),
        Tensor(shape: shape) { 1 - visible.values[$0] },
      ]
      let nodes = written.inputs + [target, hidden]
      let moment = Moment(seed: 3, epoch: 1, step: 2)

      let step = try TrainingStep(
        written.trace, inputs: nodes, loss: loss,
        parameters: ParameterBuffer(written.parameters))
      let value = try step.run(inputs, moment: moment)[0]
      let gradient = step.gradientValues

      let numbers = zip(nodes, inputs).map { ($0, $1.values.map(Double.init)) }
      let layout = written.trace.layout
      let start = zip(layout.entries, layout.offsets).map { entry, offset in
        written.parameters.values[offset..<offset + entry.shape.product].map(Double.init)
      }
      func exact(_ parameters: [[Double]]) throws -> Double {
        try graph.evaluate([loss], inputs: numbers, parameters: parameters, moment: moment)[0][0]
      }
      let middle = try exact(start)
      #expect(abs(Double(value) - middle) <= 1e-4 * abs(middle))

      let largest = gradient.reduce(Float(0)) { max($0, abs($1)) }
      #expect(largest > 0)
      for (index, entry) in layout.entries.enumerated() where entry.trainable {
        let element = entry.shape.product / 2
        let delta = 1e-6
        var (above, below) = (start, start)
        above[index][element] += delta
        below[index][element] -= delta
        let slope = try (exact(above) - exact(below)) / (2 * delta)
        let found = Double(gradient[layout.offsets[index] + element])
        #expect(
          abs(slope - found) <= 1e-3 * abs(slope) + 2e-5 * Double(largest),
          "\(entry.name) in \(dimensions)-D: \(found) in place of \(slope)")
      }
    }
  }
}
