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
    if !isHidden, showsNone || !value.isNone { frame.runtime.show(value) }
    return .next
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
