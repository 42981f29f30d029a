extension Catalogue {
  /// Help on a name, or the list of everything there is; ends in a newline.
  ///
  /// - Throws: `LangError` where there is nothing of that name, with the nearest one.
  public func help(_ name: String?) throws -> String {
    guard let name else { return overview }
    if let spec = command(name) { return help(spec) }
    if let builtin = builtin(name) { return help(builtin) }
    if let topic = Topic.all.first(where: { $0.names.contains(name) }) { return topic.text + "\n" }
    let near = NearestName.of(name, among: names)
    throw LangError(
      "there is no command or function `\(name)`", hint: near.map { "did you mean `\($0)`?" })
  }

  private var overview: String {
    var text = ""
    for group in groups {
      let width = group.entries.map { $0.name.count }.max() ?? 0
      text += group.name + "\n"
      for entry in group.entries {
        text += "  " + TextWidth.padded(entry.name, to: width) + "  " + entry.summary + "\n"
      }
      text += "\n"
    }
    return text + "`?name` or `help name` tells more.\n"
  }

  private func help(_ spec: CommandSpec) -> String {
    var text = "\(spec.name) - \(spec.summary)\n\n  \(spec.usage)\n"
    let rows = spec.parameters.map { (HelpText.label($0), HelpText.explanation($0)) }
    let width = rows.map { TextWidth.columns($0.0) }.max() ?? 0
    if !rows.isEmpty { text += "\n" }
    for (label, explanation) in rows {
      text += "  " + TextWidth.padded(label, to: width) + "  " + explanation + "\n"
    }
    if !spec.details.isEmpty { text += "\n" + spec.details + "\n" }
    return text + HelpText.examples(spec.examples)
  }

  private func help(_ builtin: Builtin) -> String {
    "\(builtin.name) - \(builtin.summary)\n\n  \(builtin.usage)\n"
      + HelpText.examples(builtin.examples)
  }
}

/// Pieces of help that several pages use.
enum HelpText {
  static func label(_ parameter: Parameter) -> String {
    switch parameter.kind {
    case .positional: parameter.name.uppercased()
    case .rest: parameter.name.uppercased() + " …"
    case .option: parameter.name + "="
    case .otherOptions: "name=…"
    case .block: "{ … }"
    }
  }

  /// `passes over the data (a whole number, at least 1; default 100)`
  static func explanation(_ parameter: Parameter) -> String {
    var facts = [parameter.typeName]
    if let limits = parameter.limitsText { facts.append(limits) }
    var text = facts.joined(separator: ", ")
    if let initial = parameter.defaultText {
      text += "; default \(initial)"
    } else if parameter.isRequired {
      text += "; required"
    }
    return parameter.help + " (" + text + ")"
  }

  static func examples(_ examples: [Example]) -> String {
    guard !examples.isEmpty else { return "" }
    let lines = examples.map { "  " + $0.line + ($0.note.isEmpty ? "" : "   # " + $0.note) }
    return "\n" + lines.joined(separator: "\n") + "\n"
  }
}

/// Help on the words of the language, which are no commands.
struct Topic {
  let names: [String]
  let text: String

  static let all = [
    Topic(names: ["if", "else"], text: "if c { … } else if d { … } else { … }"),
    Topic(
      names: ["for", "in"],
      text: "for x in list { … }   for i, x in list { … }\n"
        + "over the elements of a list, a range, a table's rows, an image's first axis"),
    Topic(names: ["while"], text: "while c { … }"),
    Topic(
      names: ["break", "continue"], text: "break leaves the loop, continue goes to its next turn"),
    Topic(
      names: ["def", "return"],
      text: "def f(x, k=3) { … return x + k }   def f(x, k=3) = x + k\n"
        + "a function has variables of its own and sees the outer ones"),
    Topic(names: ["fn"], text: "fn(x) = x + 1   a function as a value"),
    Topic(
      names: ["try", "catch"], text: "try { … } catch e { … }   e has .message, .hint and .line"),
    Topic(names: ["include"], text: "include \"file.dn\"   runs another script here"),
    Topic(
      names: ["and", "or", "not", "mod"],
      text: "operators, weakest first: or, and, not, comparisons, .., + -, * / mod, -, ^"),
    Topic(names: ["step"], text: "0..5 step 0.5   a range with a step"),
  ]
}
