extension Lowering {
  func lower(_ statements: [Statement]) -> [Step] { statements.map(lower) }

  func lower(_ statement: Statement) -> Step {
    switch statement.kind {
    case .expression(let expression, let isHidden):
      return ShowStep(lower(expression), isHidden: isHidden, showsNone: showsNone(expression))
    case .assign(let targets, let value): return assign(targets, value, statement.span)
    case .choose(let branches, let otherwise):
      return ChooseStep(
        branches.map { (lower($0.condition), lower($0.body.statements), place($0.condition.span)) },
        otherwise: lower(otherwise?.statements ?? []))
    case .forEach(let index, let item, let list, let body):
      let elements = lower(list)
      return ForEachStep(
        index.map { target($0.text) }, target(item.text), elements, loopBody(body), place(list.span)
      )
    case .loop(let condition, let body):
      return LoopStep(lower(condition), loopBody(body), place(condition.span))
    case .leave:
      checkInLoop("break", statement.span)
      return JumpStep(.leave)
    case .next:
      // In a command's block it ends this run of the block.
      if !isInBlock { checkInLoop("continue", statement.span) }
      return JumpStep(.again)
    case .define(let function):
      // The name is declared first, so that the function can call itself.
      let variable = function.name.map { target($0.text) }
      let closure = ClosureCode(lower(function))
      return variable.map { AssignStep($0, closure) }
        ?? ShowStep(closure, isHidden: true, showsNone: false)
    case .give(let value):
      if functionDepth == 0 { report("`return` stands outside a function", at: statement.span) }
      return GiveStep(value.map { lower($0) })
    case .attempt(let body, let name, let handler):
      return AttemptStep(
        lower(body.statements), name.map { target($0.text) }, lower(handler.statements))
    case .include(let path): return include(path)
    case .help(let name): return HelpStep(name, place(statement.span))
    }
  }

  /// Whether a `none` of this expression is a value and not the lack of a result.
  private func showsNone(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .call: false
    case .bare(let name, _): find(name) != nil
    default: true
    }
  }

  private func loopBody(_ body: BlockSyntax) -> [Step] {
    loopDepth += 1
    defer { loopDepth -= 1 }
    return lower(body.statements)
  }

  private func checkInLoop(_ word: String, _ span: Span) {
    if loopDepth == 0 { report("`\(word)` stands outside a loop", at: span) }
  }

  private func assign(_ targets: [Expression], _ value: Expression, _ span: Span) -> Step {
    let code = lower(value)
    if targets.count == 1, case .name(let name) = targets[0].kind {
      let general = AssignStep(target(name), code)
      guard let element = appended(to: name, value) else { return general }
      // The element has been lowered, and complained of, inside the call.
      let again = quietly(true) { lower(element) }
      return AppendStep(target(name), again, general, place(value.span))
    }
    return AssignTargetsStep(targets.compactMap(lowerTarget), code, place(span))
  }

  /// The `y` of `x = append(x, y)`, where `append` is the language's own.
  private func appended(to name: String, _ value: Expression) -> Expression? {
    guard case .call(let call) = value.kind, call.name == "append", find("append") == nil,
      call.arguments.count == 2, call.arguments.allSatisfy({ $0.name == nil }),
      call.arguments[0].value.rootName == name, case .name = call.arguments[0].value.kind,
      call.block == nil
    else { return nil }
    return call.arguments[1].value
  }

  private func lowerTarget(_ expression: Expression) -> TargetCode? {
    var parts: [TargetCode.Part] = []
    var current = expression
    while true {
      switch current.kind {
      case .field(let base, let name):
        parts.append(.field(name.text))
        current = base
      case .index(let base, let items):
        parts.append(.index(lower(items)))
        current = base
      case .name(let name):
        if !parts.isEmpty, find(name) == nil {
          reportUnknown(name, at: current.span, isCall: false)
        }
        return TargetCode(
          name: name, variable: target(name), parts: parts.reversed(), place: place(expression.span)
        )
      default: return nil
      }
    }
  }

  private func include(_ path: Expression) -> Step {
    guard case .string(let name) = path.kind else {
      mayDefineAnything = true
      return IncludeStep(lower(path), place(path.span))
    }
    do {
      return try includes.including(name, from: source) { program in
        if !program.diagnostics.isEmpty { diagnostics += program.diagnostics }
        return IncludedStep(lower(program))
      }
    } catch {
      diagnostics.append(
        (Failure.located(error, at: place(path.span)) as? Failure)?.diagnostic
          ?? Diagnostic("\(error)", at: place(path.span)))
      return JumpStep(.next)
    }
  }

  /// A function's parameters and body, in a scope of its own.
  func lower(_ function: FunctionSyntax) -> FunctionCode {
    var names = function.parameters.map(\.name.text)
    let statements: [Statement]
    let cost: Int
    switch function.body {
    case .expression(let expression): (statements, cost) = ([], expression.depth)
    case .block(let block): (statements, cost) = (block.statements, block.height)
    }
    names += AssignedNames.of(statements, in: source, catalogue, nil)
    let inner = Scope(parent: scope, names: names)
    let (outer, loops, block) = (scope, loopDepth, isInBlock)
    (scope, loopDepth, isInBlock) = (inner, 0, false)
    functionDepth += 1
    defer {
      (scope, loopDepth, isInBlock) = (outer, loops, block)
      functionDepth -= 1
    }
    let parameters = function.parameters.map {
      FunctionCode.Parameter(name: $0.name.text, initial: $0.initial.map { lower($0) })
    }
    let code = FunctionCode(
      name: function.name?.text, parameters: parameters, cost: cost, body: .steps([]))
    switch function.body {
    case .expression(let expression): code.body = .expression(lower(expression))
    case .block(let block): code.body = .steps(lower(block.statements))
    }
    code.slotCount = inner.slotCount
    return code
  }
}
