import Lang
import TensorEngine

struct SweepCommand: Command {
  static let name = "sweep"
  static let summary = "runs a block for every combination of values and keeps what it records"
  static let details = """
    Each option is a name and the values it takes in turn, the last one fastest; inside the block the \
    names are variables. `record psnr=…` in the block adds to the row of the combination. Gives back \
    a table: a column for each name and for whatever was recorded. An error ends its combination \
    only, and stands in the column `error`. Ctrl-C ends the sweep and gives back the rows so far.

    With `save=` the rows are kept in a folder as they come (`table.csv` is the table): the same \
    sweep started again, after whatever broke it off, runs only what is missing or failed. Random \
    draws in the block follow from the combination's number, so that it makes no difference.
    """
  static let group = "Experiments"
  static let examples = [
    Example(
      "results = sweep r=1..3 { record psnr=psnr(denoise(noisy, median_filter(r)), clean) }"),
    Example("sweep a=[1, 2] b=[\"x\", \"y\"] { record both=\"{a}{b}\" }"),
    Example("sweep k=1..3 save=\"squares\" { record square=k^2 }"),
  ]

  @OtherOptions("names, each with a list or range of values") var axes: Record
  @Option("folder that keeps the rows; what it has is not run again") var save: String?
  @Option("whether a sweep that is there is begun anew") var overwrite = false
  @TrailingBlock("what is run for each combination") var body: Block

  /// Most combinations; more would not end.
  private static let longest = 1_000_000

  func run(in context: Context) throws -> Value {
    let values = try axes.fields.map { name, value in
      guard let list = value.asList, !list.isEmpty else {
        throw LangError(
          "`\(name)` takes a list or range of values, not \(Show.brief(value))",
          hint: "for instance `sweep \(name)=[0.1, 0.3] { … }`")
      }
      return (name: name, values: list)
    }
    guard !values.isEmpty else {
      throw LangError(
        "`sweep` needs a name with values", hint: "for instance `sweep p=[0.1, 0.3] { … }`")
    }
    guard let total = values.map(\.values.count).checkedProduct, total <= SweepCommand.longest
    else {
      throw LangError("the sweep has more than \(SweepCommand.longest) combinations")
    }
    let keepsRows = context.keepsInterruptedWork
    let folder = context.writesFiles ? save : nil
    let journal = try folder.map { try self.journal($0, context) }
    let table = try context.endingOnInterrupt {
      try rows(of: values, total, journal, keepsRows, context)
    }
    try journal?.write(table)
    return .table(table)
  }

  private func journal(_ folder: String, _ context: Context) throws -> SweepJournal {
    try SweepJournal(folder, block: body.text ?? "", seed: context.seed, overwrite: overwrite)
  }

  private func rows(
    of values: [(name: String, values: [Value])], _ total: Int, _ journal: SweepJournal?,
    _ keepsRows: Bool, _ context: Context
  ) throws -> Table {
    let progress = context.progress
    let clock = ContinuousClock()
    let start = clock.now
    var table = SweepTable()
    var ran = 0
    defer { progress.finish() }
    try context.drawingApart { part in
      for index in 0..<total {
        let combination = SweepCommand.combination(index, of: values)
        if let row = journal?.row(at: combination) {
          table.append(combination.merging(row), error: nil)
          continue
        }
        var row: Record = [:]
        var problem: String?
        do {
          try part(index) { (row, problem) = try run(combination, context) }
        } catch is Interrupted {
          guard keepsRows else { throw Interrupted() }
          context.endInterrupt()
          context.note(
            "the sweep was stopped after \(index) of \(total) combinations"
              + (journal == nil ? "" : "; started again it goes on from there"))
          return
        }
        row = try journal?.add(row, at: combination, error: problem) ?? row
        table.append(combination.merging(row), error: problem)
        ran += 1
        progress.show(
          ProgressUpdate(
            task: "sweep", done: Double(index + 1) / Double(total),
            seconds: start.duration(to: clock.now).seconds, rate: (Double(ran), "run"),
            facts: [("run", "\(index + 1)/\(total)")]))
      }
    }
    if journal != nil, ran < total, table.count == total {
      context.note("\(total - ran) of \(total) combinations were there already")
    }
    if table.failures > 0 {
      context.note(
        "\(table.failures) of \(table.count) combinations failed: see the column `error`")
    }
    return table.finished
  }

  /// One combination: what it recorded, and what went wrong.
  private func run(
    _ combination: Record, _ context: Context
  ) throws -> (row: Record, problem: String?) {
    let sheet = context.state(default: RecordSheet.init)
    let outer = sheet.row
    sheet.row = [:]
    defer { sheet.row = outer }
    var problem: String?
    do {
      try Interrupt.check()
      try body.run(combination)
    } catch let error where !(error is Interrupted || error is Quit) {
      problem = (error as? any Explained)?.message ?? "\(error)"
      context.note("\(Show.inline(.record(combination))): \(problem ?? "")")
    }
    return (sheet.row ?? [:], problem)
  }

  /// The combination of a number; the last name changes fastest.
  private static func combination(
    _ index: Int, of values: [(name: String, values: [Value])]
  ) -> Record {
    var rest = index
    var pairs: [(String, Value)] = []
    for (name, list) in values.reversed() {
      pairs.append((name, list[rest % list.count]))
      rest /= list.count
    }
    return Record(pairs.reversed())
  }
}

/// The rows of a sweep; errors come last.
private struct SweepTable {
  private var rows: [Record] = []
  private var errors: [String?] = []

  var count: Int { rows.count }
  var failures: Int { errors.count { $0 != nil } }

  mutating func append(_ row: Record, error: String?) {
    rows.append(row)
    errors.append(error)
  }

  var finished: Table {
    guard errors.contains(where: { $0 != nil }) else { return Table(rows: rows) }
    // A first row of all names keeps the errors behind whatever is recorded later.
    var names = Table(rows: rows).names
    names.removeAll { $0 == "error" }
    var table = Table(names + ["error"])
    for (row, error) in zip(rows, errors) {
      var row = row
      row["error"] = error.map(Value.string) ?? row["error"] ?? Value.none
      table.append(row)
    }
    return table
  }
}
