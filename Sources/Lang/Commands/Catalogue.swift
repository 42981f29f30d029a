/// Every command and function there is, by name.
public struct Catalogue {
  public let commands: [CommandSpec]
  public let builtins: [Builtin]
  private let commandIndex: [String: CommandSpec]
  private let builtinIndex: [String: Builtin]

  init(commands: [any Command.Type], builtins: [Builtin]) {
    let specs = commands.map(CommandSpec.init)
    self.commands = specs
    self.builtins = builtins
    commandIndex = Dictionary(specs.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    builtinIndex = Dictionary(builtins.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  public func command(_ name: String) -> CommandSpec? { commandIndex[name] }
  public func builtin(_ name: String) -> Builtin? { builtinIndex[name] }
  func isKnown(_ name: String) -> Bool { commandIndex[name] != nil || builtinIndex[name] != nil }

  public var names: [String] { commands.map(\.name) + builtins.map(\.name) }

  /// Names, with the groups in the order in which they first come.
  var groups: [(name: String, entries: [(name: String, summary: String)])] {
    let entries =
      commands.map { ($0.group, $0.name, $0.summary) }
      + builtins.map { ($0.group, $0.name, $0.summary) }
    var order: [String] = []
    var members: [String: [(name: String, summary: String)]] = [:]
    for (group, name, summary) in entries {
      if members[group] == nil { order.append(group) }
      members[group, default: []].append((name, summary))
    }
    return order.map { ($0, members[$0] ?? []) }
  }
}
