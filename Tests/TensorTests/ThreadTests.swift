import TensorEngine
import Testing

/// Each in a process of its own, because the number of threads is one for all that runs.
@Suite struct ThreadTests {
  @Test func everyOpGivesTheSameBytesOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      for sample in OpSamples.all {
        let traced = try sample.trace(large: true)
        let nodes = traced.inputs + [traced.weights]
        let tensors = try zip(nodes, sample.numbers(for: traced)).map {
          try Tensor($1.map { Float($0) }, shape: $0.shape)
        }
        func bytes(threads: Int) throws -> [[UInt32]] {
          Parallel.threads = threads
          let plan = try Plan(traced.graph, outputs: traced.outputs, inputs: nodes)
          return try plan.run(tensors).map { $0.values.map(\.bitPattern) }
        }
        let one = try bytes(threads: 1)
        for threads in [2, 3] {
          #expect(try bytes(threads: threads) == one, "\(sample) on \(threads) threads")
        }
      }
    }
  }

  /// The scratch of a plan is laid out for the threads there are when it is made.
  @Test func planRunsOnMoreThreadsThanItWasMadeFor() async {
    await #expect(processExitsWith: .success) {
      let graph = Graph()
      let x = graph.input("x", shape: [8, 4, 60, 60])
      let w = graph.input("w", shape: [4, 4, 3, 3])
      let y = try x.convolved(with: w)
      let outputs = try [y] + graph.gradients(of: y.square().mean(), with: [x, w])
      let tensors = [x, w].map { node in Tensor(shape: node.shape) { Float($0 % 17) - 8 } }
      Parallel.threads = 1
      let plan = try Plan(graph, outputs: outputs, inputs: [x, w])
      let one = try plan.run(tensors)
      Parallel.threads = 8
      #expect(try plan.run(tensors) == one)
      Parallel.threads = 2
      #expect(try plan.run(tensors) == one)
    }
  }

  @Test func numberOfThreadsIsAtLeastOne() async {
    await #expect(processExitsWith: .success) {
      Parallel.threads = 0
      #expect(Parallel.threads == 1)
      Parallel.threads = .max
      #expect(Parallel.threads > 1)
      Parallel.threads = 3
      #expect(Parallel.threads == 3)
    }
  }
}
