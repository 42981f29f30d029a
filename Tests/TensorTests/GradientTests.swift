import TensorEngine
import Testing

@Suite struct GradientTests {
  /// Gradients against central differences, all in double precision.
  @Test(arguments: OpSamples.all)
  func gradientIsTheSlope(_ sample: OpSample) throws {
    let traced = try sample.trace()
    let numbers = sample.numbers(for: traced)
    let nodes = traced.inputs + [traced.weights]
    let analytic = try traced.graph.evaluate(
      traced.gradients, inputs: Array(zip(nodes, numbers)))

    func loss(_ numbers: [[Double]]) throws -> Double {
      try traced.graph.evaluate([traced.loss], inputs: Array(zip(nodes, numbers)))[0][0]
    }
    let step = 1e-5
    for (input, gradient) in analytic.enumerated() {
      try #require(gradient.count == numbers[input].count)
      for element in gradient.indices {
        var moved = numbers
        moved[input][element] = numbers[input][element] + step
        let above = try loss(moved)
        moved[input][element] = numbers[input][element] - step
        let slope = (above - (try loss(moved))) / (2 * step)
        #expect(
          abs(slope - gradient[element]) <= 1e-6 * (1 + abs(slope)),
          "input \(input), element \(element): \(gradient[element]) in place of \(slope)")
      }
    }
  }

  /// A plan in single precision against node by node in double precision.
  @Test(arguments: OpSamples.all)
  func planAgreesWithDoublePrecision(_ sample: OpSample) throws {
    let traced = try sample.trace()
    let nodes = traced.inputs + [traced.weights]
    let numbers = sample.numbers(for: traced)
    let exact = try traced.graph.evaluate(traced.outputs, inputs: Array(zip(nodes, numbers)))
    let plan = try Plan(traced.graph, outputs: traced.outputs, inputs: nodes)
    let tensors = try zip(nodes, numbers).map { try Tensor($1.map { Float($0) }, shape: $0.shape) }
    for (found, expected) in zip(try plan.run(tensors), exact) {
      #expect(found.values.count == expected.count)
      let largest = expected.reduce(1) { max($0, abs($1)) }
      for (x, y) in zip(found.values, expected) {
        #expect(abs(Double(x) - y) <= 2e-5 * largest, "\(x) in place of \(y)")
      }
    }
  }

  @Test func gradientOfAnIndependentNodeIsZero() throws {
    let graph = Graph()
    let (a, b) = (graph.input("a", shape: [2]), graph.input("b", shape: [3]))
    let gradient = try graph.gradients(of: a.sum(), with: [b])[0]
    #expect(gradient.shape == [3])
    #expect(
      try graph.evaluate([gradient], inputs: [(a, [1.0, 2]), (b, [1, 2, 3])])[0] == [0, 0, 0])
  }

  @Test func gradientWithRespectToAnInnerNode() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [3])
    let inner = try x * 2
    let gradient = try graph.gradients(of: inner.square().sum(), with: [inner])[0]
    #expect(try graph.evaluate([gradient], inputs: [(x, [1.0, -2, 3])])[0] == [4, -8, 12])
  }

  @Test func uncommonPlacesStayFinite() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [1])
    let outputs = try [x.sqrt(), x.power(2), x.power(1), x.power(0), x.abs(), x.relu()].map {
      try graph.gradients(of: $0.sum(), with: [x])[0]
    }
    let slopes = try graph.evaluate(outputs, inputs: [(x, [Float(0)])]).map { $0[0] }
    #expect(slopes[0].isFinite)
    #expect(Array(slopes.dropFirst()) == [0, 1, 0, 0, 0])
  }

  @Test func lossMustBeOneNumber() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [2, 3])
    let error = #expect(throws: TensorError.self) { try graph.gradients(of: x, with: [x]) }
    #expect(error?.message == "a loss must be one number; this one has the shape 2x3")
    #expect(error?.hint == "take its `mean`")
  }

  @Test func missingSecondDerivativesSaySo() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [1, 1, 4])
    let pooled = try graph.gradients(of: x.maxPooled(2).square().sum(), with: [x])[0]
    let error = #expect(throws: TensorError.self) {
      try graph.gradients(of: pooled.square().sum(), with: [x])
    }
    #expect(error?.message == "max pooling has no second derivative")
  }
}
