extension Lowering {
  func lower(_ expression: Expression) -> Code { lower(expression, isArgument: false) }

  /// - Parameter isArgument: whether it is a whole argument of a call; for the hint on unknown names.
  func lower(_ expression: Expression, isArgument: Bool) -> Code {
    let place = place(expression.span)
    switch expression.kind {
    case .none, .failed: return ConstantCode(.none)
    case .bool(let flag): return ConstantCode(.bool(flag))
    case .number(let number): return ConstantCode(.number(number))
    case .string(let text): return ConstantCode(.string(text))
    case .interpolation(let parts): return lower(parts)
    case .name(let name): return lower(name, expression.span, isArgument: isArgument)
    case .bare(let name, let isStatement): return bare(name, isStatement, expression.span)
    case .list(let items): return ListCode(items.map { lower($0) }, place)
    case .record(let fields):
      return RecordCode(fields.map { ($0.name.text, lower($0.value)) }, place)
    case .unary(let function, let operand): return UnaryCode(function, lower(operand), place)
    case .binary(let function, let left, let right):
      return BinaryCode(
        function, lower(left, isArgument: isArgument), lower(right, isArgument: isArgument), place)
    case .and(let left, let right):
      return LogicalCode(isAnd: true, lower(left), lower(right), place)
    case .or(let left, let right):
      return LogicalCode(isAnd: false, lower(left), lower(right), place)
    case .within(let item, let container, let negated):
      return WithinCode(lower(item), lower(container), negated: negated, place)
    case .range(let start, let end, let step):
      return RangeCode(lower(start), lower(end), step.map { lower($0) }, place)
    case .call(let call): return lower(call, expression.span)
    case .index(let base, let items):
      return IndexCode(lower(base, isArgument: isArgument), lower(items), place)
    case .field(let base, let name):
      return FieldCode(lower(base, isArgument: isArgument), name.text, self.place(name.span))
    case .function(let function): return ClosureCode(lower(function))
    }
  }

  private func lower(_ parts: [InterpolationPart]) -> Code {
    InterpolationCode(
      parts.map { part in
        switch part {
        case .text(let text): .text(text)
        case .expression(let expression, let format):
          .code(lower(expression), format, place(expression.span))
        }
      })
  }

  private func lower(_ name: String, _ span: Span, isArgument: Bool) -> Code {
    if let variable = find(name) { return VariableCode(name, variable, place(span)) }
    guard catalogue.isKnown(name) else {
      reportUnknown(name, at: span, isCall: false, isArgument: isArgument)
      return ConstantCode(.none)
    }
    if let spec = catalogue.command(name), spec.role == .value, spec.needsArguments {
      report(
        "`\(name)` needs arguments", at: span, hint: "usage: \(spec.usage)")
    }
    return NamedValueCode(name, place(span))
  }

  private func bare(_ name: String, _ isStatement: Bool, _ span: Span) -> Code {
    let variable = find(name)
    if variable == nil, !catalogue.isKnown(name) {
      reportUnknown(name, at: span, isCall: false)
    }
    if variable == nil, let spec = catalogue.command(name), spec.needsArguments,
      spec.role == .value || isStatement
    {
      let matching = ArgumentMatching(spec, names: [], hasBlock: false)
      for problem in matching.problems { report(problem.message, at: span, hint: problem.hint) }
    }
    return BareCode(name, variable, isStatement: isStatement, place(span))
  }

  func lower(_ items: [IndexItem]) -> IndexListCode {
    IndexListCode(
      items.map { item in
        switch item.kind {
        case .at(let expression):
          IndexListCode.Item(axis: item.axis?.text, kind: .at(lower(expression)))
        case .slice(let start, let end, let step):
          IndexListCode.Item(
            axis: item.axis?.text,
            kind: .slice(
              start.map { lower($0) }, end.map { lower($0) }, step.map { lower($0) }))
        }
      })
  }
}
