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
    """
  static let group = "Experiments"
  static let examples = [
    Example(
      "results = sweep r=1..3 { record psnr=psnr(denoise(noisy, median_filter(r)), clean) }"),
    Example("sweep a=[1, 2] b=[\"x\", \"y\"] { record both=\"{a}{b}\" }"),
  ]

  @OtherOptions("names, each with a list or range of values") var axes: Record
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
    return .table(try rows(of: values, total, context))
  }

  private func rows(
    of values: [(name: String, values: [Value])], _ total: Int, _ context: Context
  ) throws -> Table {
    let sheet = context.state(default: RecordSheet.init)
    let progress = context.progress
    let clock = ContinuousClock()
    let start = clock.now
    var table = SweepTable()
    defer { progress.finish() }
    for index in 0..<total {
      let combination = SweepCommand.combination(index, of: values)
      let outer = sheet.row
      sheet.row = [:]
      var problem: String?
      do {
        try Interrupt.check()
        try body.run(combination)
      } catch is Interrupted {
        sheet.row = outer
        guard context.keepsInterruptedWork else { throw Interrupted() }
        Interrupt.clear()
        context.note("the sweep was stopped after \(index) of \(total) combinations")
        break
      } catch let quit as Quit {
        sheet.row = outer
        throw quit
      } catch {
        problem = (error as? any Explained)?.message ?? "\(error)"
        context.note("\(Show.inline(.record(combination))): \(problem ?? "")")
      }
      table.append(combination.merging(sheet.row ?? [:]), error: problem)
      sheet.row = outer
      progress.show(
        ProgressUpdate(
          task: "sweep", done: Double(index + 1) / Double(total),
          seconds: start.duration(to: clock.now).seconds, rate: (Double(index + 1), "run")))
    }
    return table.finished
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
