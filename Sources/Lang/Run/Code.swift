/// An expression with its names resolved, ready to run.
///
/// A class and not an enumeration: one dynamic call for a node is the cheapest way through a tree.
class Code {
  func evaluate(_ frame: Frame) throws -> Value { .none }
}

/// A statement, ready to run.
class Step {
  func run(_ frame: Frame) throws -> Flow { .next }
}

/// What comes after a statement.
enum Flow {
  case next
  /// `break`
  case leave
  /// `continue`
  case again
  /// `return`; the value is in `frame.result`.
  case give
}

extension [Step] {
  /// Runs the statements until one of them leads elsewhere.
  @inline(__always)
  func run(_ frame: Frame) throws -> Flow {
    for step in self {
      let flow = try step.run(frame)
      if flow != .next { return flow }
    }
    return .next
  }
}

/// A literal.
final class ConstantCode: Code {
  let value: Value
  init(_ value: Value) { self.value = value }
  override func evaluate(_ frame: Frame) throws -> Value { value }
}

/// A variable, or a function or command of the name where the variable has no value.
final class VariableCode: Code {
  let name: String
  let variable: VariablePlace
  let place: Place
  init(_ name: String, _ variable: VariablePlace, _ place: Place) {
    self.name = name
    self.variable = variable
    self.place = place
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = variable.read(frame) { return value }
    if let value = try frame.runtime.namedValue(name, at: place) { return value }
    throw unset(frame)
  }

  private func unset(_ frame: Frame) -> Failure {
    if case .local = variable, frame.globals[name] != nil {
      return Failure(
        "`\(name)` has no value yet in this function", at: place,
        hint: "a function that assigns to a name has a variable of its own; "
          + "pass the outer `\(name)` as an argument")
    }
    return Failure("`\(name)` has no value yet", at: place)
  }
}

/// A function or command as a value, or what a value-making command makes without arguments.
final class NamedValueCode: Code {
  let name: String
  let place: Place
  init(_ name: String, _ place: Place) {
    self.name = name
    self.place = place
  }
  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = try frame.runtime.namedValue(name, at: place) { return value }
    throw Failure("`\(name)` is not defined", at: place)
  }
}

/// A name alone where a command may stand: the variable, or else the command or function is run,
/// if it needs no arguments.
final class BareCode: Code {
  let name: String
  let variable: VariablePlace?
  let isStatement: Bool
  let place: Place
  init(_ name: String, _ variable: VariablePlace?, isStatement: Bool, _ place: Place) {
    self.name = name
    self.variable = variable
    self.isStatement = isStatement
    self.place = place
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = variable?.read(frame) { return value }
    let runtime = frame.runtime
    if let spec = runtime.catalogue.command(name), spec.role == .action,
      isStatement || !spec.needsArguments
    {
      do {
        return try runtime.runCommand(spec, CommandCall())
      } catch { throw Failure.located(error, at: place) }
    }
    if let builtin = runtime.catalogue.builtin(name), builtin.arity.contains(0) {
      do {
        return try builtin.call([], named: [:], runtime: runtime)
      } catch { throw Failure.located(error, at: place) }
    }
    if let value = try runtime.namedValue(name, at: place) { return value }
    throw Failure("`\(name)` has no value yet", at: place)
  }
}
