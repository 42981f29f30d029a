import TensorEngine

/// An expression as a statement: runs it and shows the value.
final class ShowStep: Step {
  let code: Code
  let isHidden: Bool
  /// Whether a `none` is shown too; the `none` of a call is only the lack of a result.
  let showsNone: Bool
  init(_ code: Code, isHidden: Bool, showsNone: Bool) {
    self.code = code
    self.isHidden = isHidden
    self.showsNone = showsNone
  }
  override func run(_ frame: Frame) throws -> Flow {
    let value = try code.evaluate(frame)
    if !isHidden, showsNone || !value.isNone { frame.runtime.print(Show.full(value) + "\n") }
    return .next
  }
}

/// `x = …`
final class AssignStep: Step {
  let variable: VariablePlace
  let code: Code
  init(_ variable: VariablePlace, _ code: Code) {
    self.variable = variable
    self.code = code
  }
  override func run(_ frame: Frame) throws -> Flow {
    variable.write(try code.evaluate(frame), frame)
    return .next
  }
}

/// `x = append(x, …)`: grows the list in place, so that a loop of appends is not quadratic.
final class AppendStep: Step {
  let variable: VariablePlace
  let element: Code
  /// What runs where the variable is no list, or `append` means something else.
  let general: Step
  let place: Place
  init(_ variable: VariablePlace, _ element: Code, _ general: Step, _ place: Place) {
    self.variable = variable
    self.element = element
    self.general = general
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    guard case .list? = variable.read(frame) else { return try general.run(frame) }
    let value = try element.evaluate(frame)
    do {
      let item = try Nesting.checked(value)
      _ = variable.modify(frame) { list in
        guard case .list(var items) = list else { return }
        list = .none
        items.append(item)
        list = .list(items)
      }
    } catch { throw Failure.located(error, at: place) }
    return .next
  }
}

/// `r.field = …`, `x[…] = …`, and targets of unpacking.
final class AssignTargetsStep: Step {
  let targets: [TargetCode]
  let code: Code
  let place: Place
  init(_ targets: [TargetCode], _ code: Code, _ place: Place) {
    self.targets = targets
    self.code = code
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    let value = try code.evaluate(frame)
    guard targets.count > 1 else {
      try targets[0].assign(value, frame)
      return .next
    }
    guard let items = value.asList else {
      throw Failure(
        "\(Show.brief(value)) cannot be unpacked into \(targets.count) names", at: place,
        hint: "the right side must be a list of \(targets.count)")
    }
    guard items.count == targets.count else {
      throw Failure(
        "a list of \(items.count) cannot be unpacked into \(targets.count) names", at: place)
    }
    for (target, item) in zip(targets, items) { try target.assign(item, frame) }
    return .next
  }
}

/// The left side of an assignment: a variable, then fields and indices.
struct TargetCode {
  enum Part {
    case field(String)
    case index(IndexListCode)
  }
  let name: String
  let variable: VariablePlace
  let parts: [Part]
  let place: Place

  func assign(_ value: Value, _ frame: Frame) throws {
    guard !parts.isEmpty else { return variable.write(value, frame) }
    // Indices run before the variable is taken out of its slot: they may read it.
    let path = try parts.map { part -> Assignment.Step in
      switch part {
      case .field(let name): .field(name)
      case .index(let list): .index(try list.evaluate(frame))
      }
    }
    do {
      let exists = try variable.modify(frame) { try Assignment.assign(value, to: &$0, path[...]) }
      if !exists { throw missing(frame) }
    } catch { throw Failure.located(error, at: place) }
  }

  private func missing(_ frame: Frame) -> LangError {
    if case .local = variable, frame.globals[name] != nil {
      return LangError(
        "`\(name)` has no value in this function",
        hint: "a function cannot change the variables outside; give the changed value back")
    }
    return LangError("`\(name)` has no value yet")
  }
}

/// `if c { … } else if d { … } else { … }`
final class ChooseStep: Step {
  let branches: [(condition: Code, body: [Step], place: Place)]
  let otherwise: [Step]
  init(_ branches: [(condition: Code, body: [Step], place: Place)], otherwise: [Step]) {
    self.branches = branches
    self.otherwise = otherwise
  }
  override func run(_ frame: Frame) throws -> Flow {
    for branch in branches where try Operators.condition(branch.condition, frame, branch.place) {
      return try branch.body.run(frame)
    }
    return try otherwise.run(frame)
  }
}

/// `while c { … }`
final class LoopStep: Step {
  let condition: Code
  let body: [Step]
  let place: Place
  init(_ condition: Code, _ body: [Step], _ place: Place) {
    self.condition = condition
    self.body = body
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    while try Operators.condition(condition, frame, place) {
      try Interrupt.check()
      switch try body.run(frame) {
      case .next, .again: continue
      case .leave: return .next
      case .give: return .give
      }
    }
    return .next
  }
}

/// `for i, x in list { … }`
final class ForEachStep: Step {
  let index: VariablePlace?
  let item: VariablePlace
  let list: Code
  let body: [Step]
  let place: Place
  init(_ index: VariablePlace?, _ item: VariablePlace, _ list: Code, _ body: [Step], _ place: Place)
  {
    self.index = index
    self.item = item
    self.list = list
    self.body = body
    self.place = place
  }

  override func run(_ frame: Frame) throws -> Flow {
    let value = try list.evaluate(frame)
    let elements: Elements
    do {
      elements = try Elements(value)
    } catch { throw Failure.located(error, at: place) }
    for position in 0..<elements.count {
      try Interrupt.check()
      index?.write(.number(Double(position)), frame)
      item.write(try elements[position], frame)
      switch try body.run(frame) {
      case .next, .again: continue
      case .leave: return .next
      case .give: return .give
      }
    }
    return .next
  }
}

/// `break` and `continue`
final class JumpStep: Step {
  let flow: Flow
  init(_ flow: Flow) { self.flow = flow }
  override func run(_ frame: Frame) throws -> Flow { flow }
}

/// `return …`
final class GiveStep: Step {
  let code: Code?
  init(_ code: Code?) { self.code = code }
  override func run(_ frame: Frame) throws -> Flow {
    frame.result = try code?.evaluate(frame) ?? .none
    return .give
  }
}

/// `try { … } catch e { … }`. An interrupt and `quit` are no errors and pass.
final class AttemptStep: Step {
  let body: [Step]
  let variable: VariablePlace?
  let handler: [Step]
  init(_ body: [Step], _ variable: VariablePlace?, _ handler: [Step]) {
    self.body = body
    self.variable = variable
    self.handler = handler
  }
  override func run(_ frame: Frame) throws -> Flow {
    do {
      return try body.run(frame)
    } catch let failure as Failure {
      variable?.write(.record(failure.record), frame)
      return try handler.run(frame)
    }
  }
}

/// The statements of an included file, checked with the file that includes it.
final class IncludedStep: Step {
  let steps: [Step]
  init(_ steps: [Step]) { self.steps = steps }
  override func run(_ frame: Frame) throws -> Flow { try steps.run(frame) }
}

/// `include` of a name that is only known when it runs.
final class IncludeStep: Step {
  let path: Code
  let place: Place
  init(_ path: Code, _ place: Place) {
    self.path = path
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    let value = try path.evaluate(frame)
    guard let path = value.asString else {
      throw Failure("`include` takes the name of a file, not \(Show.brief(value))", at: place)
    }
    return try frame.runtime.include(path, at: place).run(frame)
  }
}

/// `?name`
final class HelpStep: Step {
  let name: String?
  let place: Place
  init(_ name: String?, _ place: Place) {
    self.name = name
    self.place = place
  }
  override func run(_ frame: Frame) throws -> Flow {
    do {
      frame.runtime.print(try frame.runtime.catalogue.help(name))
    } catch { throw Failure.located(error, at: place) }
    return .next
  }
}
