import Denoise
import Foundation
import TensorEngine

/// A network with random data, ready to be trained or run.
final class StepBench {
  private let step: TrainingStep?
  let plan: Plan
  private let inputs: [Tensor]
  private var state = OptimizerState()
  private(set) var loss: Float = 0
  private var index = 0

  init(_ net: Net, shape: [Int], isTraining: Bool, engine: Engine, precision: Precision) throws {
    let trace = Trace(training: isTraining)
    let builder = NetworkBuilder(trace)
    let graph = trace.graph
    let x = graph.input("x", shape: shape)
    let y = try net.architecture.build(
      NetworkInput(image: x), channels: net.channels, with: builder)
    let parameters = try ParameterBuffer(Parameters(layout: trace.layout, seed: 1))
    var stream = RandomStream(seed: 1, purpose: .initialization, sample: 1)
    func draw() throws -> Tensor {
      let count = shape.reduce(1, *)
      return try Tensor((0..<count).map { _ in stream.uniform(-1...1) }, shape: shape)
    }
    guard isTraining else {
      inputs = [try draw()]
      step = nil
      plan = try Plan(
        graph, outputs: [y], inputs: [x], parameters: parameters, engine: engine,
        precision: precision)
      return
    }
    let target = graph.input("target", shape: shape)
    let mask = graph.input("mask", shape: shape)
    let difference = try y - target
    let loss = try (difference * difference * mask).sum() / mask.sum()
    let step = try TrainingStep(
      trace, inputs: [x, target, mask], loss: loss, parameters: parameters, engine: engine,
      precision: precision)
    self.step = step
    plan = step.plan
    let hidden = try draw()
    inputs = [
      try draw(), try draw(),
      try Tensor(hidden.values.map { $0 > 0.996 ? 1 : 0 }, shape: shape),
    ]
  }

  var bytes: Int { step?.bytes ?? plan.bytes }

  func once() throws {
    index += 1
    let moment = Moment(seed: 1, epoch: 0, step: index)
    if let step {
      loss = try step.run(inputs, moment: moment)[0]
      state.advance(step, with: Optimizer(.adam), learningRate: 4e-4)
    } else {
      loss = try plan.run(inputs, moment: moment)[0].values[0]
    }
  }

  /// Where the time went: a line a call, and the kinds of ops by their share.
  var profile: String {
    let lines = plan.lines
    let total = lines.compactMap(\.milliseconds).reduce(0, +)
    var kinds: [String: Double] = [:]
    for line in lines { kinds[line.name, default: 0] += line.milliseconds ?? 0 }
    let calls = lines.map { line in
      let time = line.milliseconds ?? 0
      let rate = line.operations / 1e6 / max(time, 1e-9)
      let shapes = line.inputs.prefix(2).map { "\($0)" }.joined(separator: " ")
      return String(format: "%8.2f ms %6.0f GFLOP/s  ", time, rate)
        + "\(line.isNative ? "" : "plain ")\(line.name) \(shapes) -> \(line.result)"
    }
    let shares = kinds.sorted { $0.value > $1.value }.map {
      String(format: "%8.2f ms %5.1f %%  ", $0.value, 100 * $0.value / total) + $0.key
    }
    return (calls + ["", String(format: "%8.2f ms in all", total)] + shares)
      .joined(separator: "\n")
  }
}
