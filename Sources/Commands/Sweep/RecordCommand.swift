import Lang

/// The row that `record` writes to: that of the innermost sweep, or nil outside of any.
final class RecordSheet {
  var row: Record?
}

struct RecordCommand: Command {
  static let name = "record"
  static let summary = "keeps values in the row of the running sweep"
  static let group = "Experiments"
  static let examples = [Example("sweep k=1..3 { record square=k^2 }")]

  @OtherOptions("names and values to keep") var values: Record

  func run(in context: Context) throws -> Value {
    let sheet = context.state(default: RecordSheet.init)
    guard let row = sheet.row else {
      throw LangError(
        "`record` stands in the block of a `sweep`", hint: "sweep p=[0.1, 0.3] { … record psnr=… }")
    }
    guard !values.isEmpty else {
      throw LangError("`record` needs something to keep", hint: "for instance `record psnr=30.1`")
    }
    sheet.row = row.merging(values)
    return .none
  }
}
