/// A page of the reference manual, in Markdown.
public struct ManualPage: Sendable {
  public let name: String
  public let group: String
  public let markdown: String
}

extension Catalogue {
  /// One page for each command, and one for each group of functions.
  public var manual: [ManualPage] {
    let pages = commands.map {
      ManualPage(name: $0.name, group: $0.group, markdown: page($0))
    }
    let functionGroups = groups.filter { group in
      builtins.contains { $0.group == group.name }
    }
    return pages
      + functionGroups.map {
        ManualPage(name: $0.name, group: "Functions", markdown: page(functions: $0.name))
      }
  }

  private func page(_ spec: CommandSpec) -> String {
    var text = "# \(spec.name)\n\n\(sentence(spec.summary))\n\n```\n\(spec.usage)\n```\n"
    if !spec.parameters.isEmpty {
      text += "\n| argument | takes | default | meaning |\n| --- | --- | --- | --- |\n"
      for parameter in spec.parameters {
        let limits = parameter.limitsText.map { ", " + $0 } ?? ""
        let initial =
          parameter.defaultText.map { "`\($0)`" } ?? (parameter.isRequired ? "required" : "")
        let cells = [
          "`\(HelpText.label(parameter))`", parameter.typeName + limits, initial, parameter.help,
        ]
        text += "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
      }
    }
    if !spec.details.isEmpty { text += "\n\(spec.details)\n" }
    return text + examples(spec.examples)
  }

  private func page(functions group: String) -> String {
    var text = "# \(group)\n\n| function | meaning |\n| --- | --- |\n"
    var shown: [Example] = []
    for builtin in builtins where builtin.group == group {
      text += "| `\(escaped(builtin.usage))` | \(escaped(builtin.summary)) |\n"
      shown += builtin.examples
    }
    return text + examples(shown)
  }

  private func examples(_ examples: [Example]) -> String {
    guard !examples.isEmpty else { return "" }
    let lines = examples.map { $0.line + ($0.note.isEmpty ? "" : "   # " + $0.note) }
    return "\n## Examples\n\n```\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
