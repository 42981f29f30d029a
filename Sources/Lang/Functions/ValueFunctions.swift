/// Printing, and making one kind of value of another.
extension Builtins {
  static var values: [Builtin] {
    [printing, kinds, strings, numbers, wholeNumbers]
  }

  private static var printing: Builtin {
    Builtin(
      "print", "x …", arity: 0...Builtin.anyNumber, group: "Basics",
      "prints the values with a space between them",
      examples: [Example("print \"two and two is\" 2 + 2")]
    ) { call in
      call.runtime.print(call.arguments.map(Show.bare).joined(separator: " ") + "\n")
      return .none
    }
  }

  private static var kinds: Builtin {
    Builtin(
      "type", "x", group: "Basics", "the kind of value, as a string",
      examples: [Example("type([1])")]
    ) {
      call in .string(call[0].kind)
    }
  }

  private static var strings: Builtin {
    Builtin("str", "x", group: "Basics", "the value as a string, as `print` writes it") { call in
      .string(Show.bare(call[0]))
    }
  }

  private static var numbers: Builtin {
    Builtin(
      "num", "x", group: "Basics", "the number that a string spells",
      examples: [Example("num(\"1e-4\")")]
    ) {
      call in .number(try number(call))
    }
  }

  private static var wholeNumbers: Builtin {
    Builtin(
      "int", "x", group: "Basics", "the number without its fraction, also of a string",
      examples: [Example("int(3.7)")]
    ) { call in .number(try number(call).rounded(.towardZero)) }
  }

  private static func number(_ call: BuiltinCall) throws -> Double {
    if let number = call[0].asNumber { return number }
    guard let text = call[0].asString else { throw call.mismatch(0, "a number or a string") }
    let digits = text.filter { $0 != "_" && !$0.isWhitespace }
    guard let number = Double(digits) else {
      throw LangError("\(Show.quoted(text)) spells no number")
    }
    return number
  }
}
