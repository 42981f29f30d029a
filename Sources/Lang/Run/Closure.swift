/// A `def`, `fn` or block, lowered.
final class FunctionCode {
  struct Parameter {
    let name: String
    let initial: Code?
  }
  enum Body {
    case expression(Code)
    case steps([Step])
    /// A command's block: runs in the frame it stands in; the names are those that the command
    /// may set.
    case block([Step], variables: [String: VariablePlace])
  }

  let name: String?
  let parameters: [Parameter]
  let required: Int
  /// What a call takes of the allowance for recursion: the height of the body's tree.
  let cost: Int
  var slotCount = 0
  var body: Body
  /// A block as written.
  let text: String?

  init(name: String?, parameters: [Parameter], cost: Int, body: Body, text: String? = nil) {
    self.name = name
    self.text = text
    self.parameters = parameters
    required = parameters.filter { $0.initial == nil }.count
    self.cost = cost + 8
    self.body = body
  }
}

/// A function with the variables that it sees.
final class Closure {
  let code: FunctionCode
  let frame: Frame

  init(_ code: FunctionCode, _ frame: Frame) {
    self.code = code
    self.frame = frame
  }

  var asFunction: Function {
    Function(name: code.name, parameters: code.parameters.map(\.name), .closure(self))
  }

  func call(_ arguments: [Value], named: Record, function: Function) throws -> Value {
    let runtime = frame.runtime
    guard runtime.depth + code.cost <= runtime.deepest else {
      throw LangError(
        "the calls are nested too deeply", hint: "does `\(code.name ?? "fn")` call itself for ever?"
      )
    }
    runtime.depth += code.cost
    defer { runtime.depth -= code.cost }
    if case .block(let steps, let variables) = code.body {
      for (name, value) in named.fields {
        guard let variable = variables[name] else {
          throw LangError("the block does not know `\(name)`")
        }
        variable.write(value, frame)
      }
      return try steps.run(frame) == .give ? frame.takeResult() : .none
    }
    let inner = Frame(runtime: runtime, parent: frame, slotCount: code.slotCount)
    try bind(arguments, named, inner)
    switch code.body {
    case .expression(let expression): return try expression.evaluate(inner)
    case .steps(let steps), .block(let steps, _):
      _ = try steps.run(inner)
      return inner.result
    }
  }

  /// Parameters take the first slots of the frame.
  private func bind(_ arguments: [Value], _ named: Record, _ inner: Frame) throws {
    guard arguments.count <= code.parameters.count else {
      throw wrongCount(arguments.count)
    }
    for (index, value) in arguments.enumerated() { inner.slots[index] = value }
    for (name, value) in named.fields {
      guard let index = code.parameters.firstIndex(where: { $0.name == name }) else {
        let near = NearestName.of(name, among: code.parameters.map(\.name))
        throw LangError(
          "`\(code.name ?? "fn")` has no parameter `\(name)`",
          hint: near.map { "did you mean `\($0)`?" })
      }
      guard index >= arguments.count else {
        throw LangError("`\(name)` is given twice")
      }
      inner.slots[index] = value
    }
    for (index, parameter) in code.parameters.enumerated() where inner.slots[index] == nil {
      guard let initial = parameter.initial else {
        if named.isEmpty { throw wrongCount(arguments.count) }
        throw LangError("`\(code.name ?? "fn")` needs `\(parameter.name)`")
      }
      inner.slots[index] = try initial.evaluate(inner)
    }
  }

  private func wrongCount(_ count: Int) -> LangError {
    let names = code.parameters.map(\.name).joined(separator: ", ")
    let most = code.parameters.count
    let takes = code.required == most ? "\(most)" : "\(code.required) to \(most)"
    return LangError(
      "`\(code.name ?? "fn")` takes \(takes) argument\(takes == "1" ? "" : "s"), not \(count)",
      hint: names.isEmpty ? nil : "its parameters are \(names)")
  }
}

extension Frame {
  /// What `return` gave, leaving nothing behind.
  func takeResult() -> Value {
    defer { result = .none }
    return result
  }
}
