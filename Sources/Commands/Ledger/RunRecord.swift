import Formats
import Lang

/// What a run folder says of its run: the file `run.json`.
struct RunRecord {
  /// How a run stands.
  enum State: String {
    case running, finished, interrupted, failed
    case stoppedEarly = "stopped early"
    /// The program went away while it ran.
    case lost
  }

  /// A piece of data that went in.
  struct Data: Equatable {
    /// `data` or `target`.
    let role: String
    /// What the user wrote: a variable, an expression, a file.
    let name: String
    /// The file it came from, where it came from one.
    let path: String?
    let shape: [Int]
    let axes: String
    let type: String
    /// SHA-256 of the values as 32-bit floats, little end first.
    let checksum: String
  }

  var name: String
  /// `save=` as the user wrote it, or which of the session's own it was.
  var key: String
  /// How many trainings the run is made of: 1, and one more for each `resume`.
  var parts = 1
  var version = Provenance.version
  var method = ""
  var state = State.running
  /// When it began, as `2026-11-21T15:04:05Z`.
  var started = ""
  var seconds = 0.0
  /// The process that runs it.
  var process = 0
  var folder = ""
  var seed: UInt64 = 0
  var parameters = 0
  var options: [(name: String, value: String)] = []
  var data: [Data] = []
  var epochs = 0
  var steps = 0
  var loss: Double?
  var validation: Double?
  var bestEpoch: Int?
  /// Why it failed.
  var problem: String?

  /// What a run is judged by: the best validation loss, or the last loss where there is none.
  var best: Double? { validation ?? loss }
}

extension RunRecord {
  var json: JSON {
    func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    var object: [JSON.Member] = []
    func add(_ name: String, _ value: JSON) { object.append(.init(name: name, value: value)) }
    add("name", .string(name))
    add("dn", .string(version))
    add("save", .string(key))
    add("parts", .number(Double(parts)))
    add("method", .string(method))
    add("state", .string(state.rawValue))
    add("started", .string(started))
    add("seconds", .number(seconds))
    add("process", .number(Double(process)))
    add("folder", .string(folder))
    add("seed", .string("\(seed)"))
    add("parameters", .number(Double(parameters)))
    add("options", .object(options.map { .init(name: $0.name, value: .string($0.value)) }))
    add(
      "data",
      .array(
        data.map {
          JSON.object(of: [
            "role": .string($0.role), "name": .string($0.name),
            "path": $0.path.map(JSON.string) ?? .null,
            "shape": .array($0.shape.map { .number(Double($0)) }), "axes": .string($0.axes),
            "type": .string($0.type), "sha256": .string($0.checksum),
          ])
        }))
    add("epochs", .number(Double(epochs)))
    add("steps", .number(Double(steps)))
    add("loss", number(loss))
    add("val_loss", number(validation))
    add("best_epoch", number(bestEpoch.map(Double.init)))
    if let problem { add("problem", .string(problem)) }
    return .object(object)
  }

  /// nil where the text is no run's.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let state = json["state"]?.string.flatMap(State.init)
    else { return nil }
    func text(_ name: String) -> String { json[name]?.string ?? "" }
    func whole(_ name: String) -> Int { json[name]?.count ?? 0 }
    self.name = name
    self.state = state
    key = text("save")
    parts = max(1, whole("parts"))
    version = text("dn")
    method = text("method")
    started = text("started")
    seconds = json["seconds"]?.number ?? 0
    process = whole("process")
    folder = text("folder")
    seed = UInt64(text("seed")) ?? 0
    parameters = whole("parameters")
    if case .object(let members)? = json["options"] {
      options = members.map { ($0.name, $0.value.string ?? "") }
    }
    data = (json["data"]?.array ?? []).map { item in
      Data(
        role: item["role"]?.string ?? "", name: item["name"]?.string ?? "",
        path: item["path"]?.string, shape: (item["shape"]?.array ?? []).compactMap(\.count),
        axes: item["axes"]?.string ?? "", type: item["type"]?.string ?? "",
        checksum: item["sha256"]?.string ?? "")
    }
    epochs = whole("epochs")
    steps = whole("steps")
    loss = json["loss"]?.number
    validation = json["val_loss"]?.number
    bestEpoch = json["best_epoch"]?.count
    problem = json["problem"]?.string
  }
}
