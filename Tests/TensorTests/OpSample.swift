import TensorEngine
import Testing

/// One way to call an op: what it is given and what is done with it. Small shapes serve gradient
/// checks, large ones the splitting of work among threads.
struct OpSample: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [[Int]]
  let large: [[Int]]
  /// Where the numbers of each input lie.
  let domains: [ClosedRange<Double>]
  let build: @Sendable ([Node]) throws -> Node

  /// - Parameters:
  ///   - domains: one an input; the last stands for those that follow, -2...2 where there is none.
  ///   - large: the small shapes where not given.
  init(
    _ name: String, _ shapes: [[Int]], domains: [ClosedRange<Double>] = [],
    large: [[Int]]? = nil, _ build: @escaping @Sendable ([Node]) throws -> Node
  ) {
    self.name = name
    self.shapes = shapes
    self.large = large ?? shapes
    self.domains = shapes.indices.map {
      $0 < domains.count ? domains[$0] : domains.last ?? -2...2
    }
    self.build = build
  }

  var testDescription: String {
    "\(name) \(shapes.map(\.asShape).joined(separator: ", "))"
  }

  /// The sample traced, with gradients of a weighted sum of its result.
  func trace(large isLarge: Bool = false) throws -> Traced {
    let graph = Graph()
    let inputs = (isLarge ? large : shapes).enumerated().map {
      graph.input("x\($0.offset)", shape: $0.element)
    }
    let result = try build(inputs)
    let weights = graph.input("weights", shape: result.shape)
    let loss = try (result * weights).sum()
    return Traced(
      graph: graph, inputs: inputs, weights: weights, result: result, loss: loss,
      gradients: try graph.gradients(of: loss, with: inputs))
  }

  struct Traced {
    let graph: Graph
    let inputs: [Node]
    let weights: Node
    let result: Node
    let loss: Node
    let gradients: [Node]

    var outputs: [Node] { [result] + gradients }
  }

  /// Numbers for the inputs of a trace, then for its weights; the same at every call.
  func numbers(for traced: Traced) -> [[Double]] {
    var stream = RandomStream(seed: 7, purpose: .sample)
    let inputs = zip(traced.inputs, domains).map { input, domain in
      (0..<input.count).map { _ in
        Double(stream.uniform(Float(domain.lowerBound)...Float(domain.upperBound)))
      }
    }
    return inputs + [(0..<traced.weights.count).map { _ in Double(stream.uniform(-1...1)) }]
  }
}
