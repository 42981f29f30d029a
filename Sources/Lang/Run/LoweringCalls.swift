extension Lowering {
  func lower(_ call: Call, _ span: Span) -> Code {
    guard let name = call.name else {
      let callee = lower(call.callee)
      if let block = call.block { report("only a command takes a block", at: block.span) }
      return ValueCallCode(callee, arguments(call, nil), place(span))
    }
    let variable = find(name)
    let spec = catalogue.command(name)
    let builtin = catalogue.builtin(name)
    if variable == nil, spec == nil, builtin == nil {
      reportUnknown(name, at: call.callee.span, isCall: true)
    }
    // A variable of the name may hold a function of any kind: then only running it can tell.
    var matching: ArgumentMatching?
    if let spec {
      let found = ArgumentMatching(
        spec, names: call.arguments.map(\.name?.text), hasBlock: call.block != nil)
      matching = found
      if variable == nil { report(found.problems, call) }
    } else if let builtin, variable == nil {
      check(builtin, call)
    }
    let lowered = arguments(call, matching, isChecked: variable == nil, builtin: builtin)
    return NamedCallCode(
      name, variable, lowered, block: call.block.map { lower($0, call) },
      isCommandForm: call.isCommandForm, namePlace: place(call.callee.span), place: place(span))
  }

  private func report(_ problems: [ArgumentProblem], _ call: Call) {
    for problem in problems {
      let argument = problem.argument.map { call.arguments[$0] }
      let span = argument.map { $0.name?.span ?? $0.span } ?? call.callee.span
      report(problem.message, at: span, hint: problem.hint)
    }
  }

  /// The arguments; what is literal is checked against its parameter.
  private func arguments(
    _ call: Call, _ matching: ArgumentMatching?, isChecked: Bool = true, builtin: Builtin? = nil
  ) -> [ArgumentCode] {
    // Literals are bound to a command of their own, which never runs.
    let trial = call.name.flatMap(catalogue.command).map {
      CommandSpec.parameters(of: $0.type.init())
    }
    return call.arguments.enumerated().map { index, argument in
      let word = ArgumentWord(argument.value)
      let parameter = matching.flatMap { $0.parameters[index] }
      var literal = parameter.flatMap(word.literal)
      if literal == nil, let name = argument.name?.text, let option = builtin?.option(name) {
        literal = word.literal(choices: option.choices)
      }
      if literal == nil, isChecked, let parameter, !parameter.choices.isEmpty,
        case .word(let text) = word, find(text) == nil, !catalogue.isKnown(text)
      {
        literal = .string(text)
      }
      let value = literal ?? argument.value.literal
      if isChecked, let value, let parameter {
        check(value, trial?.first { $0.name == parameter.name }, argument.value.span)
      }
      // A word that stands for itself needs no variable.
      let code =
        literal == nil || !isChecked
        ? quietly(literal != nil) { lower(argument.value, isArgument: true) }
        : ConstantCode(literal ?? .none)
      return ArgumentCode(
        name: argument.name?.text, code: code, word: word, place: place(argument.value.span))
    }
  }

  /// Lowers without complaints about unknown names, for words that may stand for themselves.
  func quietly(_ quiet: Bool, _ body: () -> Code) -> Code {
    let before = diagnostics
    let code = body()
    if quiet { diagnostics = before }
    return code
  }

  private func check(_ value: Value, _ parameter: Parameter?, _ span: Span) {
    do {
      try parameter?.bind(value)
    } catch { report(error.message, at: span, hint: error.hint) }
  }

  private func check(_ builtin: Builtin, _ call: Call) {
    let positional = call.arguments.filter { $0.name == nil }.count + (call.block == nil ? 0 : 1)
    if let error = builtin.problem(count: positional) {
      report(error.message, at: call.callee.span, hint: error.hint)
    }
    for argument in call.arguments {
      guard let name = argument.name, let error = builtin.problem(option: name.text) else {
        continue
      }
      report(error.message, at: name.span, hint: error.hint)
    }
  }

  /// A command's block: runs in the scope it stands in.
  private func lower(_ block: BlockSyntax, _ call: Call) -> FunctionCode {
    let names = call.blockVariables(catalogue)
    let variables = Dictionary(
      names.map { ($0, target($0)) }, uniquingKeysWith: { first, _ in first })
    let (loops, outer) = (loopDepth, isInBlock)
    (loopDepth, isInBlock) = (0, true)
    functionDepth += 1
    defer {
      (loopDepth, isInBlock) = (loops, outer)
      functionDepth -= 1
    }
    return FunctionCode(
      name: nil, parameters: [], cost: block.height,
      body: .block(lower(block.statements), variables: variables), text: source.text(block.span))
  }
}

extension Expression {
  /// The value of a literal; nil where it must be computed.
  var literal: Value? {
    switch kind {
    case .none: return Value.none
    case .bool(let flag): return .bool(flag)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text)
    case .list(let items):
      let values = items.compactMap(\.literal)
      return values.count == items.count ? .list(values) : nil
    default: return nil
    }
  }
}
