import Formats
import Lang

struct ConfigCommand: Command {
  static let name = "config"
  static let summary = "reads a YAML file of options into a record"
  static let details = """
    Maps become records, lists lists. Of YAML it takes what option files are written in: nested maps \
    and lists, `[a, b]` and `{a: 1}`, numbers, true and false, null, strings with and without quotes, \
    comments.
    """
  static let group = "Desk"
  static let examples = [
    Example("options = config(\"inputs.yaml\")"),
    Example("net = train noisy with=config(\"inputs.yaml\")"),
  ]

  @Argument("file") var file: String

  func run(in context: Context) throws -> Value { Value(try Formats.readOptions(file)) }
}

extension Value {
  /// A file's options as the language holds them.
  init(_ options: JSON) {
    switch options {
    case .null: self = .none
    case .bool(let flag): self = .bool(flag)
    case .number(let number): self = .number(number)
    case .string(let text): self = .string(text)
    case .array(let items): self = .list(items.map { Value($0) })
    case .object(let members): self = .record(Record(members.map { ($0.name, Value($0.value)) }))
    }
  }
}
