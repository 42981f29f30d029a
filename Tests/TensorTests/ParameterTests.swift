import TensorEngine
import Testing

@Suite struct ParameterTests {
  private func trace() throws -> Trace {
    let trace = Trace(training: true)
    _ = try trace.parameter("mean", shape: [2], initial: .constant(3), trainable: false)
    _ = try trace.parameter("weights", shape: [2, 3], initial: .normal(std: 0.5))
    _ = try trace.parameter("scale", shape: [], initial: .constant(0), trainable: false)
    _ = try trace.parameter("bias", shape: [2], initial: .uniform(bound: 0.1))
    return trace
  }

  @Test func trainableOnesComeFirst() throws {
    let layout = try trace().layout
    #expect(layout.offsets == [8, 0, 10, 6])
    #expect(layout.count == 11)
    #expect(layout.trainableCount == 8)
  }

  @Test func valuesAreFoundByName() throws {
    let layout = try trace().layout
    let parameters = try Parameters(layout: layout, values: (0..<11).map(Float.init))
    #expect(parameters["weights"] == (try Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])))
    #expect(parameters["bias"]?.values == [6, 7])
    #expect(parameters["mean"]?.values == [8, 9])
    #expect(parameters["scale"] == Tensor(scalar: 10))
    #expect(parameters["nothing"] == nil)
  }

  @Test func drawingFollowsTheSeed() throws {
    let layout = try trace().layout
    let parameters = Parameters(layout: layout, seed: 1)
    #expect(parameters == Parameters(layout: layout, seed: 1))
    #expect(parameters["weights"] != Parameters(layout: layout, seed: 2)["weights"])
    #expect(parameters["mean"]?.values == [3, 3])
    #expect(parameters["bias"]?.values.allSatisfy { abs($0) <= 0.1 } == true)
  }

  @Test func heHasTheVarianceOfItsFan() throws {
    #expect(Initializer.he(fanIn: 50) == .normal(std: 0.2))
    #expect(Initializer.he(fanIn: 25, slope: 1) == .normal(std: 0.2))
    let trace = Trace(training: true)
    _ = try trace.parameter("w", shape: [100_000], initial: .he(fanIn: 200))
    let values = Parameters(layout: trace.layout, seed: 3).values
    let variance = values.reduce(0.0) { $0 + Double($1 * $1) } / 1e5
    #expect(abs(variance - 0.01) < 0.0003)
  }

  @Test func plansReadWhatTheBufferHolds() throws {
    let trace = try trace()
    let more = try trace.parameter("gain", shape: [3], initial: .constant(2))
    let buffer = try ParameterBuffer(Parameters(layout: trace.layout, seed: 1))
    let plan = try Plan(trace.graph, outputs: [more * 2], inputs: [], parameters: buffer)
    #expect(try plan.run([])[0].values == [4, 4, 4])
    buffer.values = Array(repeating: 5, count: buffer.layout.count)
    #expect(try plan.run([])[0].values == [10, 10, 10])
    #expect(try buffer.parameters["gain"]?.values == [5, 5, 5])
    let error = #expect(throws: TensorError.self) {
      try Plan(trace.graph, outputs: [more], inputs: [])
    }
    #expect(error?.message == "a plan reads a parameter that it was not given")
  }

  @Test func misfitsAreRefused() throws {
    let trace = try trace()
    let twice = #expect(throws: TensorError.self) {
      try trace.parameter("bias", shape: [1], initial: .constant(0))
    }
    #expect(twice?.message == "two parameters are called `bias`")
    let few = #expect(throws: TensorError.self) {
      try Parameters(layout: trace.layout, values: [1])
    }
    #expect(few?.message == "1 values for 11 parameters")
    let other = try ParameterBuffer(Parameters(layout: ParameterLayout(), values: []))
    let foreign = #expect(throws: TensorError.self) {
      try TrainingStep(trace, inputs: [], loss: trace.graph.constant(1), parameters: other)
    }
    #expect(foreign?.message == "these parameters belong to another network")
    let weight = try trace.parameter("more", shape: [2], initial: .constant(0))
    let update = #expect(throws: TensorError.self) { try trace.update(weight, to: weight) }
    #expect(update?.message == "only a state of the same shape can be updated by a step")
  }
}
