import TensorEngine
import Testing

@Suite struct PlanTests {
  /// Node by node every result has memory of its own, so a plan that lays one over another that is
  /// still read differs.
  @Test(arguments: 0..<300)
  func planComputesWhatNodeByNodeDoes(seed: Int) throws {
    let random = try RandomGraph(seed: UInt64(seed))
    let loss = try random.outputs.map { try $0.square().mean() }
      .dropFirst().reduce(random.outputs[0].mean()) { try $0 + $1 }
    let outputs = try random.outputs + random.graph.gradients(of: loss, with: random.inputs)
    let tensors = random.tensors()
    let expected = try random.graph.evaluate(
      outputs, inputs: Array(zip(random.inputs, tensors.map(\.values))))
    let plan = try Plan(random.graph, outputs: outputs, inputs: random.inputs)
    for run in 1...2 {
      let found = try plan.run(tensors)
      for (index, (x, y)) in zip(found, expected).enumerated() {
        #expect(x.values.map(\.bitPattern) == y.map(\.bitPattern), "output \(index), run \(run)")
        #expect(x.shape == outputs[index].shape)
      }
    }
  }

  /// A chain of ops that work in place needs one place.
  @Test func chainInPlaceTakesOnePlace() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [4096])
    let chain = try (0..<20).reduce(x.square()) { y, _ in try (y.relu() + x).tanh() }
    let plan = try Plan(graph, outputs: [chain], inputs: [x])
    #expect(plan.bytes == 2 * 4096 * 4)
  }

  /// What cannot work in place alternates between two places.
  @Test func placesAreUsedAgain() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [1, 1, 4096])
    let weights = graph.constant(Tensor(repeating: 0.3, shape: [1, 1, 3]))
    func bytes(_ depth: Int) throws -> Int {
      let chain = try (0..<depth).reduce(x) { y, _ in try y.convolved(with: weights) }
      return try Plan(graph, outputs: [chain], inputs: [x]).bytes
    }
    #expect(try bytes(3) == bytes(9))
  }

  @Test func resultsThatAreInputsOrTwiceTheSameAreGiven() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [2])
    let y = try x * 3
    let plan = try Plan(graph, outputs: [x, y, y, try y.reshape([2, 1])], inputs: [x])
    let found = try plan.run([Tensor([1, 2], shape: [2])])
    #expect(found.map(\.values) == [[1, 2], [3, 6], [3, 6], [3, 6]])
    #expect(found[3].shape == [2, 1])
  }

  @Test func emptyTensorsPass() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [0, 3])
    let outputs = try [
      x.exp(), x.sum(), x + 1, x.permute([1, 0]), .concatenate([x, x], axis: 0),
      x.product(x, transposeA: true),
    ]
    let found = try Plan(graph, outputs: outputs, inputs: [x])
      .run([Tensor([], shape: [0, 3])])
    #expect(found.map(\.shape) == [[0, 3], [], [0, 3], [3, 0], [0, 3], [3, 3]])
    #expect(found[1].values == [0])
    #expect(found[5].values == Array(repeating: 0, count: 9))
  }

  @Test func limitRefuses() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [1_000_000])
    let outputs = [try x.exp()]
    let error = #expect(throws: TensorError.self) {
      try Plan(graph, outputs: outputs, inputs: [x], limit: 7_000_000)
    }
    #expect(error?.message == "this needs 8 MB of memory; the limit is 7 MB")
    #expect(try Plan(graph, outputs: outputs, inputs: [x], limit: 8_000_000).bytes == 8_000_000)
  }

  @Test func moreThanTheMachineHasIsRefused() throws {
    let graph = Graph()
    let x = graph.input("x", shape: [1 << 20, 1])
    let wide = try x.broadcast(to: [1 << 20, 1 << 20])
    let error = #expect(throws: TensorError.self) {
      try Plan(graph, outputs: [wide], inputs: [x])
    }
    #expect(error?.message.hasPrefix("a block of memory takes 4.4 TB; ") == true)
    let op = try #require(graph.operations(for: [wide]).first)
    let eager = #expect(throws: TensorError.self) {
      try op([Tensor(repeating: 0, shape: [1 << 20, 1])])
    }
    #expect(eager?.message.hasPrefix("the result of `broadcast` takes 4.4 TB; ") == true)
  }

  @Test func wrongInputsAreRefused() throws {
    let graph = Graph()
    let (x, y) = (graph.input("x", shape: [2, 3]), graph.input("y", shape: [3]))
    let sum = try x + y
    let missing = #expect(throws: TensorError.self) {
      try Plan(graph, outputs: [sum], inputs: [x])
    }
    #expect(missing?.message == "the input `y` is not among those of the plan")
    let plan = try Plan(graph, outputs: [sum], inputs: [x, y])
    let other = #expect(throws: TensorError.self) {
      try plan.run([Tensor(repeating: 0, shape: [2, 3]), Tensor(repeating: 0, shape: [2])])
    }
    #expect(other?.message == "a plan for [\"2x3\", \"3\"] was given [\"2x3\", \"2\"]")
    let few = #expect(throws: TensorError.self) {
      try graph.evaluate([sum], inputs: [(x, [Float](repeating: 0, count: 6))])
    }
    #expect(few?.message == "the input `y` has no value")
    let short = #expect(throws: TensorError.self) {
      try graph.evaluate([sum], inputs: [(x, [Float](repeating: 0, count: 5))])
    }
    #expect(short?.message == "5 numbers for an input of 2x3")
  }

  /// In a process of its own, because the flag is seen by all that runs.
  @Test func interruptStopsARun() async {
    await #expect(processExitsWith: .success) {
      let graph = Graph()
      let x = graph.input("x", shape: [3])
      let plan = try Plan(graph, outputs: [x.exp()], inputs: [x])
      let tensor = Tensor(repeating: 0, shape: [3])
      Interrupt.raiseHere()
      #expect(throws: Interrupted.self) { try plan.run([tensor]) }
      #expect(Interrupt.isPending)
      Interrupt.clear()
      #expect(try plan.run([tensor])[0].values == [1, 1, 1])
    }
  }
}
