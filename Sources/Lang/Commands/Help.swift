extension Catalogue {
  /// Help on a name, or the list of everything there is; ends in a newline.
  ///
  /// - Throws: `LangError` where there is nothing of that name, with the nearest one.
  public func help(_ name: String?) throws -> String {
    guard let name else { return overview }
    if let spec = command(name) { return help(spec) }
    if let builtin = builtin(name) { return help(builtin) }
    if let group = groups.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return list(of: group.entries) + "\n`help NAME` tells more.\n"
    }
    if let topic = Topic.all.first(where: { $0.names.contains(name) }) { return topic.text + "\n" }
    let near = NearestName.of(name, among: names + groups.map { $0.name.lowercased() })
    throw LangError(
      "there is no command or function `\(name)`", hint: near.map { "did you mean `\($0)`?" })
  }

  private var overview: String {
    let width = groups.map(\.name.count).max() ?? 0
    var text = ""
    for group in groups {
      let words = group.entries.map(\.name)
      for (index, line) in HelpText.lines(of: words, width: 76 - width).enumerated() {
        text += TextWidth.padded(index == 0 ? group.name : "", to: width) + "  " + line + "\n"
      }
    }
    return text
      + "\n`?name` or `help name` tells about one, `help group` (such as `help \(example)`) about all "
      + "of a group. Further: "
      + ["prompt", "cells", "indexing", "strings"].map { "`help \($0)`" }.joined(separator: ", ")
      + ".\n"
  }

  private var example: String { groups.first?.name.lowercased() ?? "" }

  private func list(of entries: [(name: String, summary: String)]) -> String {
    let width = entries.map { $0.name.count }.max() ?? 0
    return entries.map {
      TextWidth.padded($0.name, to: width) + "  " + $0.summary + "\n"
    }.joined()
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

  /// Words in lines of at most `width` letters.
  static func lines(of words: [String], width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
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
    Topic(
      names: ["prompt"],
      text: """
        Tab completes: commands, options, their choices, variables, fields, files inside quotes.
        Up and down bring back what was typed, in this session and those before; Ctrl-R searches.
        A line that is not complete goes on at `...>`; Ctrl-C drops it.
        Ctrl-C during long work ends it and keeps what there is: a training gives its model.
        Ctrl-D leaves.
        """),
    Topic(
      names: ["cells"],
      text: """
        # %% Title          begins a cell, for editors, notebooks and reports
        # %% [markdown]     begins a cell of prose: the lines behind `#` are Markdown
        """),
    Topic(
      names: ["indexing"],
      text: """
        vol[64]   vol[0:10, :, -1]   vol[z=64]   vol[z=60:70, x=::2]
        zero-based, end excluded, negative from the end
        fields: .shape .axes .voxel .dtype .min .max .mean .std .path
        """),
    Topic(
      names: ["strings"],
      text: """
        "a {1 + 1} b"      with the value of an expression; "{x:.2f}" with two digits
        'as it {stands}'   taken literally
        """),
    Topic(names: ["step"], text: "0..5 step 0.5   a range with a step"),
  ]
}
