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
    var readers: [Int: Int] = [:]
    for output in outputs { readers[output.id, default: 0] += 1 }  // never given back
    for id in order {
      if case .op(_, let sources) = graph.entries[id].source {
        for source in sources { readers[source, default: 0] += 1 }
      }
    }
    inputCount = inputs.map(\.count).reduce(0, +)
    var memory = MemoryPlan()
    var owners: [Int: (start: Int, count: Int, users: Int)] = [:]  // by place in the arena

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
        let tensor = arrangement.tensor(id)
        let count = tensor.storage.count(of: entry.shape)
        if let first = op.overwritten.map({ sources[$0] }), case .arena(let start)? = places[first],
          let owner = owners[start], owner.count == count, readers[first] == 1,
          owner.users == 1, arrangement.tensor(first).storage == tensor.storage
        {
          places[id] = .arena(start)
          owners[start]?.users += 1
        } else {
          let start = memory.take(count)
          places[id] = .arena(start)
          owners[start] = (start, count, 1)
        }
        for source in sources {
          readers[source, default: 0] -= 1
          guard readers[source] == 0, case .arena(let start)? = places[source] else { continue }
          owners[start]?.users -= 1
          if let owner = owners[start], owner.users == 0 {
            memory.giveBack(owner.start, owner.count)
            owners[start] = nil
          }
        }
      }
    }
    arena = memory.size
  }
}
