import TensorEngine

/// A computation made up at random: nodes of a few shapes that fit together, each used again with
/// some luck, so that places in memory are shared in all ways.
struct RandomGraph {
  let graph = Graph()
  private(set) var inputs: [Node] = []
  private(set) var outputs: [Node] = []
  private var stream: RandomStream

  init(seed: UInt64) throws {
    stream = RandomStream(seed: seed, purpose: .sample)
    var pool = [[3, 4], [3, 1], [4], [2, 3, 4], []].enumerated().map {
      graph.input("x\($0.offset)", shape: $0.element)
    }
    inputs = pool
    for _ in 0..<25 { pool.append(try grown(from: pool)) }
    outputs = (0..<3).map { _ in pool[stream.int(below: pool.count)] }
    outputs.append(pool[pool.count - 1])
  }

  /// Numbers for the inputs.
  func tensors() -> [Tensor] {
    var stream = stream
    return inputs.map { input in Tensor(shape: input.shape) { _ in stream.uniform(-2...2) } }
  }

  private mutating func grown(from pool: [Node]) throws -> Node {
    let a = pool[stream.int(below: pool.count)]
    let b = pool[stream.int(below: pool.count)]
    switch stream.int(below: 14) {
    case 0: return try a.relu()
    case 1: return try a.tanh()
    case 2: return try a.sin()
    case 3: return try -a
    case 4: return try a.reshape([a.count])
    case 5: return try a.permute(a.shape.indices.reversed())
    case 6: return try a.mean(axes: a.shape.isEmpty ? [] : [a.rank - 1], keep: true)
    case 7: return try a.flipped(axes: Array(a.shape.indices))
    case 8: return try a.shape.isEmpty ? a.exp() : .concatenate([a, a], axis: 0)
    case 9: return try a.shape.isEmpty ? a.cos() : a.slice(axis: 0, 0..<(a.shape[0] + 1) / 2)
    case 10: return try (try? a + b) ?? a.sigmoid()
    case 11: return try (try? a - b) ?? a.abs()
    case 12: return try (try? a.maximum(b)) ?? a + a
    default: return try (try? a * b) ?? a * a
    }
  }
}
