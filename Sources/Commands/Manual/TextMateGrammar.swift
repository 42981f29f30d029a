import Formats
import Lang

/// How editors colour scripts: a TextMate grammar with the names that there are.
struct TextMateGrammar {
  private let catalogue: Catalogue

  init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  var json: JSON {
    .object(of: [
      "name": .string("dn"), "scopeName": .string("source.dn"),
      "fileTypes": .array([.string("dn")]),
      "patterns": .array([
        rule("comment.line.cell.dn", #"^# %%.*$"#),
        rule("comment.line.number-sign.dn", #"#.*$"#),
        string("string.quoted.double.dn", "\"", escapes: true),
        string("string.quoted.single.dn", "'", escapes: false),
        rule("constant.language.dn", words(["true", "false", "none"])),
        rule("keyword.operator.word.dn", words(["and", "or", "not", "in", "mod"])),
        rule(
          "keyword.control.dn",
          words(TextMateGrammar.control)),
        rule("constant.numeric.dn", #"\b\d[\d_]*(\.\d+)?([eE][+-]?\d+)?\b"#),
        rule("variable.parameter.dn", #"\b[A-Za-z_]\w*(?==[^=\s])"#),
        rule(
          "support.function.dn",
          words((catalogue.commands.map(\.name) + catalogue.builtins.map(\.name)).sorted())),
        rule("keyword.operator.dn", #"==|!=|<=|>=|\.\.|[-+*/^=<>]"#),
      ]),
    ])
  }

  private static let control = [
    "if", "else", "for", "while", "break", "continue", "def", "fn", "return", "try", "catch",
    "include",
  ]

  private func words(_ words: [String]) -> String { "\\b(" + words.joined(separator: "|") + ")\\b" }

  private func rule(_ name: String, _ pattern: String) -> JSON {
    .object(of: ["name": .string(name), "match": .string(pattern)])
  }

  private func string(_ name: String, _ mark: String, escapes: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "name", value: .string(name)), .init(name: "begin", value: .string(mark)),
      .init(name: "end", value: .string(mark)),
    ]
    if escapes {
      let inner = [
        rule("constant.character.escape.dn", #"\\."#),
        JSON.object(of: [
          "name": .string("meta.embedded.dn"), "begin": .string(#"\{"#), "end": .string(#"\}"#),
          "patterns": .array([.object(of: ["include": .string("$self")])]),
        ]),
      ]
      members.append(.init(name: "patterns", value: .array(inner)))
    }
    return .object(members)
  }
}
