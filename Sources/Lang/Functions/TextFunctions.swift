/// Functions of texts.
extension Builtins {
  static var texts: [Builtin] { [joining, splitting, replacing, formatting] + cases + ends }

  private static var joining: Builtin {
    Builtin(
      "join", "list separator", arity: 1...2, group: "Text",
      "the elements as one string, with the separator between them",
      examples: [Example("join([1, 2, 3], \"-\")")]
    ) { call in
      let separator = call.count == 2 ? try call.string(1) : ""
      return .string(try Elements(call[0]).all.map(Show.bare).joined(separator: separator))
    }
  }

  private static var splitting: Builtin {
    Builtin(
      "split", "text separator", arity: 1...2, group: "Text",
      "the pieces between the separators, or between white space",
      examples: [Example("split(\"a,b\", \",\")")]
    ) { call in
      let text = try call.string(0)
      guard call.count == 2 else {
        return .list(text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
      }
      return .list(TextSearch.split(text, by: try call.string(1)).map(Value.string))
    }
  }

  private static var replacing: Builtin {
    Builtin(
      "replace", "text old new", group: "Text", "the text with every old piece made new",
      examples: [Example("replace(\"a.png\", \".png\", \".dn\")")]
    ) { call in
      let (old, new) = (try call.string(1), try call.string(2))
      return .string(TextSearch.split(try call.string(0), by: old).joined(separator: new))
    }
  }

  private static var formatting: Builtin {
    Builtin(
      "format", "x format", group: "Text",
      "the value as text: \".2f\", \"8.3e\", \"05d\", \"<12\", \".1%\"",
      examples: [Example("format(3.14159, \".2f\")")]
    ) { call in
      let text = try call.string(1)
      guard let spec = FormatSpec(text) else {
        throw LangError("`\(text)` is no format", hint: "as in \".2f\", \"8.3e\", \"05d\", \"<12\"")
      }
      return .string(try spec.text(call[0]))
    }
  }

  private static var cases: [Builtin] {
    [
      Builtin("upper", "text", group: "Text", "the text in capitals") { call in
        .string(try call.string(0).uppercased())
      },
      Builtin("lower", "text", group: "Text", "the text in small letters") { call in
        .string(try call.string(0).lowercased())
      },
      Builtin("strip", "text", group: "Text", "the text without white space at its ends") { call in
        let front = try call.string(0).drop(while: \.isWhitespace)
        return .string(String(front.reversed().drop(while: \.isWhitespace).reversed()))
      },
    ]
  }

  private static var ends: [Builtin] {
    [
      Builtin("startswith", "text beginning", group: "Text", "whether the text begins so") { call in
        .bool(try call.string(0).hasPrefix(call.string(1)))
      },
      Builtin("endswith", "text end", group: "Text", "whether the text ends so") { call in
        .bool(try call.string(0).hasSuffix(call.string(1)))
      },
    ]
  }
}
