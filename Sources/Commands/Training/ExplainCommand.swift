import Denoise
import Lang
import TensorEngine

/// `explain` stands before a call: the parser turns `explain train …` into `train … explain=true`.
/// What is left for the command is to say so.
struct ExplainCommand: Command {
  static let name = "explain"
  static let summary = "what a `train` would do: kernels, memory and time of a step"
  static let details = """
    `explain train …` compiles the step that the same line without `explain` would run, runs it a \
    few times on the first batch without moving the parameters, and gives back a table: a row for \
    each kernel call with its result's shape and megabytes, the billions of operations it takes and \
    the milliseconds it took. Read it from the largest times: rows with operations are convolutions, \
    whose rate (GFLOP/s) is high where the processor is kept busy; rows without are passes over \
    memory. `plain` rows were computed by no kernel of the project's own and cost copies to and fro.
    """
  static let group = "Training"
  static let examples = [
    Example("explain train noisy method=n2v batch=16")
  ]

  @Rest("what to explain") var rest: [Value]

  func run(in context: Context) throws -> Value {
    throw LangError(
      "`explain` stands before a `train` line", hint: "explain train noisy method=n2v")
  }
}

extension StepExplanation {
  /// The lines above the table, and the table.
  func table(in context: Context) -> Value {
    let time = milliseconds
    context.print(
      "a step of \(shape.asShape) in \(precision.rawValue): \(lines.count) kernel calls, "
        + "\(ByteCount(bytes)) of memory, \(parameters) parameters")
    context.print(
      "\(NumberText.short(operations / 1e9)) GFLOP in \(NumberText.short(time)) ms: "
        + "\(NumberText.short(operations / 1e6 / max(time, 1e-9))) GFLOP/s on "
        + "\(Parallel.threads) threads; \(steps) steps an epoch")
    for kind in kinds.prefix(6) {
      let share = Int((100 * kind.milliseconds / max(time, 1e-9)).rounded())
      context.print("  \(share) %  \(kind.name), \(kind.calls) calls")
    }
    // Slices and reshapes of parameters, by the dozen.
    let shown = lines.filter { $0.operations > 0 || ($0.milliseconds ?? 0) > 0.001 * time }
    if shown.count < lines.count {
      context.print(
        "  \(lines.count - shown.count) calls that take less than a thousandth are not listed")
    }
    var table = Table(["op", "result", "MB", "GFLOP", "ms", "GFLOP/s"])
    for line in shown {
      let time = line.milliseconds ?? 0
      var row: Record = [
        "op": .string((line.isNative ? "" : "plain ") + line.name),
        "result": .string(line.result.isEmpty ? "number" : line.result.asShape),
        "MB": .number((Double(line.bytes) / 1e4).rounded() / 100),
        "ms": .number((time * 1000).rounded() / 1000),
      ]
      if line.operations > 0 {
        row["GFLOP"] = .number((line.operations / 1e6).rounded() / 1e3)
        row["GFLOP/s"] = .number((line.operations / 1e6 / max(time, 1e-9)).rounded())
      }
      table.append(row)
    }
    return .table(table)
  }
}
