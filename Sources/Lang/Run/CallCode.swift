/// An argument of a call: its code, and the bare words that a command may take in its place.
struct ArgumentCode {
  let name: String?
  let code: Code
  let word: ArgumentWord
  let place: Place

  /// The value for a parameter: a bare word where the parameter takes it, else the expression.
  func value(for parameter: Parameter?, _ frame: Frame) throws -> Value {
    guard let parameter else { return try code.evaluate(frame) }
    return try word.literal(for: parameter) ?? code.evaluate(frame)
  }
}

/// How an argument looks if it is read as words.
enum ArgumentWord {
  case word(String)
  /// A list that has words among its elements; nil stands for an element that is none.
  case list([String])
  case none

  init(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): self = .word(name)
    case .none: self = .word(Keyword.none.rawValue)
    case .list(let items):
      let words = items.compactMap { if case .name(let name) = $0.kind { name } else { nil } }
      self = words.count == items.count && !words.isEmpty ? .list(words) : .none
    default: self = .none
    }
  }

  func literal(for parameter: Parameter) -> Value? {
    switch self {
    case .word(let word):
      if parameter.choices.contains(word) { return .string(word) }
      return parameter.takesWords && word != Keyword.none.rawValue ? .string(word) : nil
    case .list(let words):
      return words.allSatisfy(parameter.choices.contains) ? .list(words.map(Value.string)) : nil
    case .none: return nil
    }
  }
}

/// A call of a name: a variable that holds a function, else a function of the language, else a
/// command.
final class NamedCallCode: Code {
  let name: String
  let variable: VariablePlace?
  let arguments: [ArgumentCode]
  let block: FunctionCode?
  let isCommandForm: Bool
  let namePlace: Place
  let place: Place
  private let isPositional: Bool

  init(
    _ name: String, _ variable: VariablePlace?, _ arguments: [ArgumentCode], block: FunctionCode?,
    isCommandForm: Bool, namePlace: Place, place: Place
  ) {
    self.name = name
    self.variable = variable
    self.arguments = arguments
    self.block = block
    self.isCommandForm = isCommandForm
    self.namePlace = namePlace
    self.place = place
    isPositional = block == nil && arguments.allSatisfy { $0.name == nil }
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let held = variable?.read(frame)
    if case .function(let function)? = held { return try call(function, frame) }
    let runtime = frame.runtime
    if let builtin = runtime.catalogue.builtin(name) { return try call(builtin, frame) }
    if let spec = runtime.catalogue.command(name) { return try run(spec, frame) }
    guard let held else { throw Failure("`\(name)` is not defined", at: namePlace) }
    if case .host(let object) = held { return try call(object, frame) }
    throw notCallable(held)
  }

  private func call(_ function: Function, _ frame: Frame) throws -> Value {
    let (values, named) = try plainArguments(frame)
    do {
      return try function.call(values, named: named)
    } catch { throw Failure.called(error, from: place) }
  }

  private func call(_ builtin: Builtin, _ frame: Frame) throws -> Value {
    var values: [Value] = []
    values.reserveCapacity(arguments.count)
    var named = Record()
    for argument in arguments {
      guard let name = argument.name else {
        values.append(try argument.code.evaluate(frame))
        continue
      }
      let word = builtin.option(name).flatMap { argument.word.literal(choices: $0.choices) }
      named[name] = try word ?? argument.code.evaluate(frame)
    }
    if let block { values.append(.function(Closure(block, frame).asFunction)) }
    do {
      return try builtin.call(values, named: named, runtime: frame.runtime)
    } catch { throw Failure.located(error, at: place) }
  }

  private func call(_ object: any HostObject, _ frame: Frame) throws -> Value {
    let (values, named) = try plainArguments(frame)
    do {
      if let value = try object.called(values, named: named) { return value }
    } catch { throw Failure.located(error, at: place) }
    throw notCallable(.host(object))
  }

  private func plainArguments(_ frame: Frame) throws -> ([Value], Record) {
    var values: [Value] = []
    values.reserveCapacity(arguments.count)
    var named = Record()
    for argument in arguments {
      let value = try argument.code.evaluate(frame)
      if let name = argument.name { named[name] = value } else { values.append(value) }
    }
    if let block { values.append(.function(Closure(block, frame).asFunction)) }
    return (values, named)
  }

  private func run(_ spec: CommandSpec, _ frame: Frame) throws -> Value {
    let matching = ArgumentMatching(spec, names: arguments.map(\.name), hasBlock: block != nil)
    do {
      if let problem = matching.problems.first { throw problem }
      var call = CommandCall()
      for (argument, parameter) in zip(arguments, matching.parameters) {
        let value = try argument.value(for: parameter, frame)
        call.arguments.append((argument.name, value, argument.place.text))
      }
      call.block = block.map { Closure($0, frame).asFunction }
      return try frame.runtime.runCommand(spec, call, matching)
    } catch let problem as ArgumentProblem {
      throw Failure.located(problem, at: problem.argument.map { arguments[$0].place } ?? namePlace)
    } catch { throw Failure.located(error, at: place) }
  }

  private func notCallable(_ value: Value) -> Failure {
    let indexes = isCommandForm && arguments.count == 1
    return Failure(
      "`\(name)` is \(value.kindWithArticle), not a function or command", at: namePlace,
      hint: indexes
        ? "an index stands without white space: `\(name)[…]`" : nil)
  }
}

extension ArgumentWord {
  func literal(choices: [String]) -> Value? {
    guard case .word(let word) = self, choices.contains(word) else { return nil }
    return .string(word)
  }
}

/// A call of what an expression gives: `fsc.at(0.5)`, `(fn(x) = x)(3)`.
final class ValueCallCode: Code {
  let callee: Code
  let arguments: [ArgumentCode]
  let place: Place
  init(_ callee: Code, _ arguments: [ArgumentCode], _ place: Place) {
    self.callee = callee
    self.arguments = arguments
    self.place = place
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let target = try callee.evaluate(frame)
    var values: [Value] = []
    var named = Record()
    for argument in arguments {
      let value = try argument.code.evaluate(frame)
      if let name = argument.name { named[name] = value } else { values.append(value) }
    }
    do {
      switch target {
      case .function(let function): return try function.call(values, named: named)
      case .host(let object):
        if let value = try object.called(values, named: named) { return value }
      default: break
      }
    } catch { throw Failure.called(error, from: place) }
    throw Failure("this is \(target.kindWithArticle) and cannot be called", at: place)
  }
}
