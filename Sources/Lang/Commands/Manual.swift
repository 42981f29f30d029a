/// A page of the reference manual, in Markdown: the commands and functions of a group.
public struct ManualPage: Sendable {
  public let group: String
  /// What the page tells of, each with its line of summary.
  public let entries: [(name: String, summary: String)]
  public let markdown: String
}

extension Catalogue {
  /// One page for each group.
  public var manual: [ManualPage] {
    groups.map { group in
      let sections = commands.filter { $0.group == group.name }.map(section)
      let functions = builtins.contains { $0.group == group.name }
      return ManualPage(
        group: group.name, entries: group.entries,
        markdown: (["# \(group.name)\n"] + sections
          + (functions ? [self.functions(of: group.name)] : [])).joined(separator: "\n"))
    }
  }

  private func section(_ spec: CommandSpec) -> String {
    var text = "## \(spec.name)\n\n\(sentence(spec.summary))\n\n```\n\(spec.usage)\n```\n"
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

  private func functions(of group: String) -> String {
    var text = "| function | meaning |\n| --- | --- |\n"
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
    return "\n```dn\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
