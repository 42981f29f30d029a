import Lang
import TensorEngine

// What the session remembers.

struct VariablesCommand: Command {
  static let name = "vars"
  static let summary = "the variables, what they are and the memory they take"
  static let group = "Desk"
  static let examples = [Example("vars")]

  func run(in context: Context) throws -> Value {
    var table = Table(["name", "kind", "value", "memory"])
    for name in context.variableNames {
      guard let value = context[variable: name] else { continue }
      table.append([
        "name": .string(name), "kind": .string(value.kind),
        "value": .string(VariableText.brief(value)),
        "memory": .string(ByteCount(VariableText.bytes(value)).description),
      ])
    }
    return .table(table)
  }
}

struct ClearCommand: Command {
  static let name = "clear"
  static let summary = "forgets variables: those named, or all"
  static let group = "Desk"
  static let examples = [Example("clear noisy clean"), Example("clear")]

  @Rest("names of variables") var names: [Word]

  func run(in context: Context) throws -> Value {
    if names.isEmpty { context.clearVariables() }
    for name in names {
      guard context[variable: name.text] != nil else {
        let near = NearestName.of(name.text, among: context.variableNames)
        throw LangError(
          "there is no variable `\(name.text)`", hint: near.map { "did you mean `\($0)`?" },
          argument: "names")
      }
      context[variable: name.text] = nil
    }
    return .none
  }
}

struct UndoCommand: Command {
  static let name = "undo"
  static let summary = "gives variables back the values before the last assignment at the prompt"
  static let details = """
    Takes back the last typed text that assigned or forgot variables, up to twenty of them. Files that \
    it wrote stay.
    """
  static let group = "Desk"

  func run(in context: Context) throws -> Value {
    guard let undone = context.undo() else {
      throw LangError("there is nothing to undo", hint: "only what was typed can be undone")
    }
    let names = undone.names.map { name in
      context[variable: name].map { "\(name) is \(VariableText.brief($0)) again" }
        ?? "\(name) is gone"
    }
    let line = undone.text.split(separator: "\n").first.map(String.init) ?? ""
    context.note(
      "undone: \(line)\(line == undone.text ? "" : " …"); " + names.joined(separator: ", "))
    return .none
  }
}

/// Values in a line of the table of variables.
enum VariableText {
  private static let longest = 40

  static func brief(_ value: Value) -> String {
    switch value {
    case .image(let image): return "\(image.shape.asShape) \(image.axes)"
    case .table(let table): return "\(table.rowCount) x \(table.names.count)"
    case .list(let items) where items.count > 8: return "\(items.count) elements"
    default:
      let text = Show.inline(value)
      return text.count <= longest ? text : text.prefix(longest - 1) + "…"
    }
  }

  /// Bytes of the numbers and texts that a value holds, about.
  static func bytes(_ value: Value) -> Int {
    let own = MemoryLayout<Value>.stride
    switch value {
    case .string(let text): return own + text.utf8.count
    case .list(let items): return items.reduce(own) { $0 + bytes($1) }
    case .record(let record): return record.values.reduce(own) { $0 + bytes($1) }
    case .image(let image): return own + image.tensor.count * MemoryLayout<Float>.stride
    case .table(let table):
      return table.columns.reduce(own) { $1.reduce($0) { $0 + bytes($1) } }
    case .host(let object as ModelValue):
      let progress = object.model.progress
      return own
        + (object.model.parameterCount + progress.last.count + (progress.average?.count ?? 0))
        * MemoryLayout<Float>.stride
    default: return own
    }
  }
}
