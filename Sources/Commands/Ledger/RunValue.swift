import Formats
import Lang

/// A run of the ledger as the language holds it.
final class RunValue: HostObject, Bindable {
  static let typeName = "a run"
  let folder: RunFolder
  let run: RunRecord

  init(_ folder: RunFolder, _ run: RunRecord) {
    self.folder = folder
    self.run = run
  }

  var kind: String { "run" }

  var inline: String {
    "\(run.name): \(run.method), \(run.state.rawValue), \(run.epochs) epochs, seed \(run.seed)"
  }

  var display: String {
    var lines = [
      inline, "  folder    \(folder.path)", "  started   \(run.started), dn \(run.version)",
    ]
    for data in run.data {
      lines.append("  \(data.role == "data" ? "data  " : data.role)    \(data.text)")
    }
    if let best = run.best {
      let epoch = run.bestEpoch.map { "epoch \($0): " } ?? ""
      lines.append("  best      \(epoch)\(NumberText.short(best))")
    }
    if run.seconds > 0 { lines.append("  took      \(NumberText.short(run.seconds)) s") }
    if let problem = run.problem { lines.append("  problem   \(problem)") }
    let width = run.options.map(\.name.count).max() ?? 0
    lines.append("  options")
    lines += run.options.map {
      "    " + $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value
    }
    return lines.joined(separator: "\n")
  }

  let fieldNames = [
    "name", "path", "options", "data", "history", "state", "seed", "best", "script",
  ]

  func field(_ name: String) throws -> Value? {
    switch name {
    case "name": .string(run.name)
    case "path": .string(folder.path)
    case "options": .record(Record(run.options.map { ($0.name, Value.string($0.value)) }))
    case "data": .list(run.data.map { .record($0.record) })
    case "history":
      if case .table(let table) = try Formats.load(folder.curves).content {
        .table(try Table(table))
      } else {
        Value.none
      }
    case "state": .string(run.state.rawValue)
    case "seed": .string("\(run.seed)")
    case "best": run.best.map(Value.number) ?? Value.none
    case "script":
      .string(String(decoding: try Formats.bytes(of: folder.script), as: UTF8.self))
    default: nil
    }
  }
}

extension RunRecord.Data {
  /// `noisy: 256x256 YX float32, 5f3e…`
  var text: String {
    "\(name): \(shape.asShape) \(axes) \(type), sha256 \(checksum.prefix(12))…"
      + (path.map { ", from \($0)" } ?? "")
  }

  var record: Record {
    [
      "role": .string(role), "name": .string(name), "path": path.map(Value.string) ?? .none,
      "shape": .list(shape.map(Value.int)), "axes": .string(axes), "type": .string(type),
      "sha256": .string(checksum),
    ]
  }
}
