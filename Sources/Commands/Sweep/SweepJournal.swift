import Formats
import Lang

/// The folder in which a sweep keeps its rows as they come, so that one that was broken off runs
/// only what is missing.
final class SweepJournal {
  private let folder: String
  private let rowsFile: AppendingFile
  /// Rows that are done, by their combination.
  private var known: [String: Record] = [:]

  private static let longest = 1 << 28

  private var table: String { folder + "/table.csv" }

  /// Opens the folder, or makes it.
  ///
  /// - Parameters:
  ///   - block: what is run for each combination: rows of another block are not taken over.
  /// - Throws: `LangError` where the folder is another sweep's; `FormatError` where it cannot be
  ///   written to.
  init(_ folder: String, block: String, seed: UInt64, overwrite: Bool) throws {
    self.folder = folder
    let about = folder + "/sweep.json"
    let rows = folder + "/rows.jsonl"
    let here = JSON.object(of: [
      "dn": .string(Provenance.version), "seed": .string("\(seed)"), "block": .string(block),
    ])
    var isFresh = true
    if !overwrite, let bytes = try? Formats.bytes(of: about, longest: 1 << 20) {
      let there = JSON(text: bytes)
      guard there?["block"] == here["block"], there?["seed"] == here["seed"] else {
        throw LangError(
          "\"\(folder)\" keeps a sweep of another block or seed",
          hint: "choose another folder, or say overwrite=true to begin anew", argument: "save")
      }
      isFresh = false
    } else if !overwrite, !Folder.names(in: folder).isEmpty {
      throw LangError(
        "\"\(folder)\" holds files that are no sweep's", hint: "choose another folder",
        argument: "save")
    }
    try Folder.make(folder)
    if isFresh {
      try Formats.saveText(here.text() + "\n", about, overwrite: true)
    } else {
      known = SweepJournal.rows(in: (try? Formats.bytes(of: rows, longest: Self.longest)) ?? [])
    }
    rowsFile = try AppendingFile(rows, fresh: isFresh)
    // A line that a kill cut off does not run into the next.
    if !isFresh { try rowsFile.append([UInt8(ascii: "\n")]) }
  }

  /// Rows of a journal that ended without an error; a later one of a combination stays. What is no
  /// row, such as a line that a kill cut off, is passed over.
  private static func rows(in bytes: [UInt8]) -> [String: Record] {
    var rows: [String: Record] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let json = JSON(text: Array(line)), let at = json["at"], let row = json["row"],
        case .record(let record) = Value(journal: row)
      else { continue }
      rows[at.line] = json["error"] == .null ? record : nil
    }
    return rows
  }

  /// The row of a combination, where it is done.
  func row(at combination: Record) -> Record? { known[JSON(journal: .record(combination)).line] }

  /// Keeps a row.
  ///
  /// - Returns: the row as the journal gives it back.
  func add(_ row: Record, at combination: Record, error: String?) throws -> Record {
    let kept = JSON(journal: .record(row))
    let line = JSON.object(of: [
      "at": JSON(journal: .record(combination)), "row": kept,
      "error": error.map(JSON.string) ?? .null,
    ])
    try rowsFile.append(Array((line.line + "\n").utf8))
    guard case .record(let record) = Value(journal: kept) else { return row }
    return record
  }

  func write(_ table: Table) throws {
    try Formats.save(.table(DataTable(table)), self.table, SaveOptions(overwrite: true))
  }
}

// Values as the journal keeps them: numbers, texts, lists and records as they are, everything else
// as the text that shows it.

extension JSON {
  private static let exact = "number"

  init(journal value: Value) {
    switch value {
    case .none: self = .null
    case .bool(let flag): self = .bool(flag)
    case .number(let number):
      // JSON has no infinity.
      self =
        number.isFinite
        ? .number(number) : .object([.init(name: JSON.exact, value: .string("\(number)"))])
    case .string(let text): self = .string(text)
    case .list(let items): self = .array(items.map { JSON(journal: $0) })
    case .record(let record):
      self = .object(record.fields.map { .init(name: $0.name, value: JSON(journal: $0.value)) })
    default: self = .string(Show.inline(value))
    }
  }

  fileprivate var exactNumber: Double? {
    guard case .object(let members) = self, members.count == 1, members[0].name == JSON.exact,
      case .string(let text) = members[0].value
    else { return nil }
    return Double(text)
  }
}

extension Value {
  init(journal json: JSON) {
    if let number = json.exactNumber {
      self = .number(number)
      return
    }
    switch json {
    case .array(let items): self = .list(items.map { Value(journal: $0) })
    case .object(let members):
      self = .record(Record(members.map { ($0.name, Value(journal: $0.value)) }))
    default: self = Value(json)
    }
  }
}
