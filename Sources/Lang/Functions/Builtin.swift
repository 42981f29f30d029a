/// A plain function of the language, declared once: call, help, checks and completion follow.
public struct Builtin {
  public let name: String
  /// One line, lower case, without a full stop.
  public let summary: String
  /// How the arguments are named in help: `x`, `start end count`; the last may end in `…`.
  public let parameters: [String]
  /// How many positional arguments it takes.
  public let arity: ClosedRange<Int>
  public let options: [BuiltinOption]
  public let group: String
  public let examples: [Example]
  let body: (BuiltinCall) throws -> Value

  /// For functions of any number of arguments.
  public static let anyNumber = Int.max

  public init(
    _ name: String, _ parameters: String, arity: ClosedRange<Int>? = nil,
    options: [BuiltinOption] = [], group: String, _ summary: String, examples: [Example] = [],
    body: @escaping (BuiltinCall) throws -> Value
  ) {
    self.name = name
    self.parameters = parameters.split(separator: " ").map(String.init)
    self.summary = summary
    self.arity = arity ?? self.parameters.count...self.parameters.count
    self.options = options
    self.group = group
    self.examples = examples
    self.body = body
  }

  func option(_ name: String) -> BuiltinOption? { options.first { $0.name == name } }

  /// `linspace(start, end, count)`
  public var usage: String {
    let words = parameters + options.map { $0.name + "=" }
    return name + "(" + words.joined(separator: ", ") + ")"
  }

  func problem(count: Int) -> LangError? {
    guard !arity.contains(count) else { return nil }
    let takes =
      arity.upperBound == Builtin.anyNumber
      ? "at least \(arity.lowerBound)"
      : arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
    let plural = takes == "1" || takes == "at least 1" ? "" : "s"
    return LangError(
      "`\(name)` takes \(takes) argument\(plural), not \(count)", hint: "usage: \(usage)")
  }

  func problem(option: String) -> LangError? {
    guard self.option(option) == nil else { return nil }
    let near = NearestName.of(option, among: options.map(\.name))
    return LangError(
      "`\(name)` has no option `\(option)`",
      hint: near.map { "did you mean `\($0)`?" } ?? "usage: \(usage)")
  }

  func call(_ arguments: [Value], named: Record, runtime: Runtime) throws -> Value {
    if let error = problem(count: arguments.count) { throw error }
    for (name, _) in named.fields {
      if let error = problem(option: name) { throw error }
    }
    return try body(BuiltinCall(name: name, arguments: arguments, named: named, runtime: runtime))
  }
}

/// A named option of a function.
public struct BuiltinOption: Sendable {
  public let name: String
  /// Words that may stand bare.
  public let choices: [String]

  public init(_ name: String, choices: [String] = []) {
    self.name = name
    self.choices = choices
  }

  static let axis = BuiltinOption("axis", choices: ["s", "t", "c", "z", "y", "x"])
}

/// A running call of a `Builtin`: its arguments, and readers that say what is wrong with them.
public struct BuiltinCall {
  public let name: String
  public let arguments: [Value]
  public let named: Record
  let runtime: Runtime

  public var count: Int { arguments.count }
  public subscript(index: Int) -> Value {
    arguments.indices.contains(index) ? arguments[index] : .none
  }

  public func mismatch(_ index: Int, _ wanted: String) -> LangError {
    LangError("`\(name)` takes \(wanted), not \(Show.brief(self[index]))")
  }

  public func number(_ index: Int) throws -> Double {
    guard let number = self[index].asNumber else { throw mismatch(index, "a number") }
    return number
  }

  public func int(_ index: Int) throws -> Int {
    guard let number = self[index].asInt else { throw mismatch(index, "a whole number") }
    return number
  }

  public func string(_ index: Int) throws -> String {
    guard let text = self[index].asString else { throw mismatch(index, "a string") }
    return text
  }

  public func list(_ index: Int) throws -> [Value] {
    guard let items = self[index].asList else { throw mismatch(index, "a list") }
    return items
  }

  public func function(_ index: Int) throws -> Function {
    guard let function = self[index].asFunction else { throw mismatch(index, "a function") }
    return function
  }
}
