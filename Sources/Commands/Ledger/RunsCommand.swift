import Formats
import Lang

struct RunsCommand: Command {
  static let name = "runs"
  static let summary = "the trainings that were kept: a list, one of them, their differences"
  static let details = """
    `train … save="FOLDER"`, `train … name="NAME"` (for `runs/NAME`) and, after `set ledger="runs"`, \
    every training leave a folder: options, the script so far, the data's shape and checksum, seed, \
    curves as a table and for TensorBoard, a drawing of them, and the model.

    `runs` lists those in this folder and in `runs`, as a table; `runs NAME` tells of one; `runs diff \
    A B` shows what differs; `runs repeat NAME` runs its script again, beside everything that is \
    there, and says whether the model has the same bytes. `load "runs/NAME"` gives back the model.
    """
  static let group = "Experiments"
  static let examples = [
    Example("runs"), Example("runs sort=best where=fn(run) = run.method == \"n2v\""),
    Example("net = train noisy name=\"wide\" epochs=4", "kept in runs/wide"),
  ]

  @Rest("nothing, a name, `diff A B` or `repeat NAME`") var words: [Word]
  @Option("folder to look in; this one and `runs` where none is given") var from: String?
  @Option("column to sort by") var sort: Word?
  @Option("greatest first") var reverse = false
  @Option("a function of a row that says whether it is listed") var `where`: Function?
  @Option("folder for a repeated run") var save: String?

  func run(in context: Context) throws -> Value {
    let words = words.map(\.text)
    switch (words.first, words.count) {
    case (nil, _): return .table(try list())
    case ("diff", 3):
      return .table(RunDifference(try find(words[1]), try find(words[2])).table)
    case ("diff", _):
      throw LangError("`runs diff` takes two runs", hint: "runs diff A B", argument: "words")
    case ("repeat", 2): return try again(words[1], context)
    case ("repeat", _):
      throw LangError("`runs repeat` takes one run", hint: "runs repeat NAME", argument: "words")
    case (let name?, 1): return .host(try find(name))
    default:
      throw LangError(
        "`runs` takes one name", hint: "`runs diff A B` compares two", argument: "words")
    }
  }

  private var folders: [RunFolder] { Ledger.folders(in: from) }

  private func list() throws -> Table {
    var rows = folders.compactMap { folder in folder.read().map { row($0, folder) } }
    if let filter = `where` {
      rows = try rows.filter { try filter(.record($0)).asNumber ?? 0 != 0 }
    }
    if let column = sort?.text ?? (rows.isEmpty ? nil : "started") {
      guard RunsCommand.columns.contains(column) else {
        throw LangError(
          "there is no column `\(column)`",
          hint: "there are \(RunsCommand.columns.joined(separator: ", "))", argument: "sort")
      }
      rows = RunsCommand.sorted(rows, by: column)
    }
    if reverse { rows.reverse() }
    var table = Table(RunsCommand.columns)
    for row in rows { table.append(row) }
    return table
  }

  private static let columns = [
    "run", "method", "data", "epochs", "best", "loss", "seconds", "seed", "state", "started",
    "path",
  ]

  private func row(_ run: RunRecord, _ folder: RunFolder) -> Record {
    func number(_ value: Double?) -> Value { value.map(Value.number) ?? .none }
    return [
      "run": .string(run.name), "method": .string(run.method),
      "data": .string(run.data.first.map { "\($0.name) \($0.shape.asShape)" } ?? ""),
      "epochs": .int(run.epochs), "best": number(run.best), "loss": number(run.loss),
      "seconds": .number(run.seconds), "seed": .string("\(run.seed)"),
      "state": .string(run.state.rawValue), "started": .string(run.started),
      "path": .string(folder.path),
    ]
  }

  /// Numbers by size, everything else by its text; what is missing comes last.
  private static func sorted(_ rows: [Record], by column: String) -> [Record] {
    rows.enumerated().sorted { a, b in
      let (x, y) = (a.element[column] ?? .none, b.element[column] ?? .none)
      if x.isNone != y.isNone { return y.isNone }
      if let i = x.asNumber, let j = y.asNumber { return (i, a.offset) < (j, b.offset) }
      return (Show.bare(x), a.offset) < (Show.bare(y), b.offset)
    }.map(\.element)
  }

  private func find(_ name: String) throws -> RunValue {
    let known = folders.compactMap { folder in folder.read().map { RunValue(folder, $0) } }
    let direct = RunFolder(path: name)
    if let run = direct.read() { return RunValue(direct, run) }
    let named = known.filter { $0.run.name == name }
    if named.count > 1 {
      throw LangError(
        "\(named.count) runs are called `\(name)`",
        hint: "say which: " + named.map { "\"\($0.folder.path)\"" }.joined(separator: ", "),
        argument: "words")
    }
    if let found = named.first { return found }
    let near = NearestName.of(name, among: known.map(\.run.name))
    throw LangError(
      "there is no run `\(name)`",
      hint: near.map { "did you mean `\($0)`?" }
        ?? (known.isEmpty
          ? "a training is kept with `save=` or `name=`" : "`runs` lists what there is"),
      argument: "words")
  }

  private func again(_ name: String, _ context: Context) throws -> Value {
    let original = try find(name)
    let free = (1...).lazy.map { "\(original.folder.path)-again\($0 == 1 ? "" : "-\($0)")" }
      .first { !Folder.isThere($0) }
    let folder = RunFolder(path: save ?? free ?? original.folder.path + "-again")
    let isSame = try RunRepeat(original: original, folder: folder).run(in: context)
    let why =
      original.run.state != .finished
      ? "; the first was \(original.run.state.rawValue)"
      : original.run.options.contains { $0.name == "minutes" }
        ? "; a budget of minutes depends on the machine" : ""
    context.note(
      "repeated in \(folder.path): "
        + (isSame ? "the model has the same bytes" : "the model differs\(why)"))
    return .bool(isSame)
  }
}
