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
