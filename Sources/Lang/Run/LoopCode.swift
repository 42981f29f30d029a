import TensorEngine

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
    frame.runtime.loops += 1
    defer { frame.runtime.loops -= 1 }
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
    frame.runtime.loops += 1
    defer { frame.runtime.loops -= 1 }
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
