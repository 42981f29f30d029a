/// The decisions of a plan: which ops run in which order, and where every node lies.
struct PlanLayout {
  enum Place: Equatable {
    case arena(Int)
    case input(Int)
    case parameter(Int)
    case constant(Int)
  }

  struct Step {
    let op: any Op
    let inputs: [Int]
    let output: Int
    /// The kernel, where it is not the op's own on plain numbers.
    let native: (any NativeCall)?
  }

  private(set) var steps: [Step] = []
  private(set) var places: [Int: Place] = [:]
  private(set) var constants: [Tensor] = []
  /// Numbers of the arena, and of the scratch that all kernels share.
  private(set) var arena = 0
  private(set) var scratch = 0
  /// Threads that the scratch is for.
  let threads = Parallel.threads
  private var inputCount = 0

  var bytes: Int {
    let numbers = arena + scratch + inputCount + constants.map(\.count).reduce(0, +)
    return numbers * MemoryLayout<Float>.stride
  }

  /// - Throws: `TensorError` where an input is missing, sizes overflow or a kernel refuses.
  init(_ arrangement: Arrangement) throws {
    let (graph, outputs, inputs) = (
      arrangement.graph, arrangement.outputs, arrangement.inputs
    )
    let order = graph.order(for: outputs.map(\.id))
    inputCount = inputs.map(\.count).reduce(0, +)
    var arena = Arena(arrangement, order)

    for id in order {
      let entry = graph.entries[id]
      switch entry.source {
      case .input(let name):
        guard let index = inputs.firstIndex(where: { $0.id == id }) else {
          throw TensorError("the input `\(name)` is not among those of the plan")
        }
        places[id] = .input(index)
      case .parameter(let index):
        places[id] = .parameter(index)
      case .constant(let tensor):
        places[id] = .constant(constants.count)
        constants.append(tensor)
      case .op(let op, let sources):
        let native = try arrangement.call(op, inputs: sources, output: id)
        steps.append(Step(op: op, inputs: sources, output: id, native: native))
        scratch = max(
          scratch,
          native?.scratch
            ?? op.scratch(sources.map { graph.entries[$0].shape }, threads: threads))
        places[id] = .arena(arena.place(id, op, sources))
      }
    }
    self.arena = arena.memory.size
  }
}

/// Where results lie in the arena while they are needed.
private struct Arena {
  private(set) var memory = MemoryPlan()
  private let arrangement: Arrangement
  /// Readers still to come of each node; outputs have one for good.
  private var readers: [Int: Int] = [:]
  private var starts: [Int: Int] = [:]
  /// By place: how many nodes that are still needed lie there, one written over another.
  private var owners: [Int: (count: Int, users: Int)] = [:]

  init(_ arrangement: Arrangement, _ order: [Int]) {
    self.arrangement = arrangement
    for output in arrangement.outputs { readers[output.id, default: 0] += 1 }
    for id in order {
      if case .op(_, let sources) = arrangement.graph.entries[id].source {
        for source in sources { readers[source, default: 0] += 1 }
      }
    }
  }

  /// The place of a node's result: over an input that nothing else needs, where the op allows it, or
  /// one of its own. Gives back what the node was the last to read.
  mutating func place(_ id: Int, _ op: any Op, _ sources: [Int]) -> Int {
    let tensor = arrangement.tensor(id)
    let count = tensor.storage.count(of: tensor.shape)
    let start: Int
    if let first = op.overwritten.map({ sources[$0] }), let shared = starts[first],
      let owner = owners[shared], owner.count == count, owner.users == 1, readers[first] == 1,
      arrangement.tensor(first).storage == tensor.storage
    {
      start = shared
      owners[start]?.users += 1
    } else {
      start = memory.take(count)
      owners[start] = (count, 1)
    }
    starts[id] = start
    for source in sources { release(source) }
    return start
  }

  private mutating func release(_ source: Int) {
    readers[source, default: 0] -= 1
    guard readers[source] == 0, let start = starts[source] else { return }
    owners[start]?.users -= 1
    if let owner = owners[start], owner.users == 0 {
      memory.giveBack(start, owner.count)
      owners[start] = nil
    }
  }
}
