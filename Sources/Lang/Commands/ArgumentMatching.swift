import TensorEngine

/// Values for a command, on their way to its parameters.
struct CommandCall {
  /// `text` is what the user wrote, where someone wrote it.
  var arguments: [(name: String?, value: Value, text: String?)] = []
  var block: Function?
  /// When the call began, before its arguments were computed.
  var started = ContinuousClock.now

  init() {}

  init(_ values: [Value], named: Record) {
    arguments = values.map { (nil, $0, nil) } + named.fields.map { ($0.name, $0.value, nil) }
  }
}

/// What is wrong with a call of a command.
struct ArgumentProblem: Explained {
  let message: String
  let hint: String?
  /// Index of the argument to blame; nil for the call as a whole.
  let argument: Int?

  init(_ error: LangError, argument: Int?) {
    message = error.message
    hint = error.hint
    self.argument = argument
  }
}

/// Finds the parameter of each argument of a call, and what is wrong with the call as a whole.
///
/// The checker asks before anything runs, the evaluator when it runs: the answers are the same.
struct ArgumentMatching {
  /// The parameter of each argument; nil where there is none, and for other options.
  private(set) var parameters: [Parameter?] = []
  private(set) var problems: [ArgumentProblem] = []

  init(_ spec: CommandSpec, names: [String?], hasBlock: Bool) {
    let given = Set(names.compactMap { $0 })
    var seen: Set<String> = []
    // Positional arguments that are given by name do not take a position.
    var positions = spec.positional.filter { !given.contains($0.name) }[...]
    for (index, name) in names.enumerated() {
      if let name {
        parameters.append(match(name, spec, index, &seen))
      } else if let next = positions.popFirst() {
        parameters.append(next)
        seen.insert(next.name)
      } else if let rest = spec.rest {
        parameters.append(rest)
      } else {
        parameters.append(nil)
        problems.append(ArgumentProblem(tooMany(spec), argument: index))
      }
    }
    if problems.isEmpty { checkMissing(spec, seen, names, hasBlock: hasBlock) }
  }

  private mutating func match(
    _ name: String, _ spec: CommandSpec, _ index: Int, _ seen: inout Set<String>
  ) -> Parameter? {
    if !seen.insert(name).inserted {
      problems.append(
        ArgumentProblem(LangError("`\(name)` is given twice"), argument: index))
      return nil
    }
    if let parameter = spec.parameter(name) { return parameter }
    if !spec.takesOtherOptions {
      let names = spec.options.map(\.name) + spec.positional.map(\.name)
      let hint =
        NearestName.of(name, among: names).map { "did you mean `\($0)`?" }
        ?? (names.isEmpty ? nil : "it has \(names.joined(separator: ", "))")
      problems.append(
        ArgumentProblem(
          LangError("`\(spec.name)` has no option `\(name)`", hint: hint), argument: index))
    }
    return nil
  }

  private func tooMany(_ spec: CommandSpec) -> LangError {
    let most = spec.positional.count
    let counted = most == 0 ? "no arguments" : most == 1 ? "1 argument" : "\(most) arguments"
    return LangError(
      "`\(spec.name)` takes \(counted); this is one too many", hint: "usage: \(spec.shortUsage)")
  }

  private mutating func checkMissing(
    _ spec: CommandSpec, _ seen: Set<String>, _ names: [String?], hasBlock: Bool
  ) {
    let blank = names.filter { $0 == nil }.count - spec.positional.count
    for parameter in spec.parameters {
      let isMissing: Bool
      switch parameter.kind {
      case .positional, .option:
        isMissing = parameter.isRequired && !seen.contains(parameter.name)
      case .rest(let least): isMissing = max(0, blank) < least
      case .block:
        isMissing = parameter.isRequired && !hasBlock
      case .otherOptions: isMissing = false
      }
      guard isMissing else { continue }
      let what =
        parameter.kind == .block
        ? "`\(spec.name)` needs a block `{ … }`"
        : "`\(spec.name)` needs `\(parameter.name)`: \(parameter.help) (\(parameter.typeName))"
      problems.append(
        ArgumentProblem(LangError(what, hint: "usage: \(spec.shortUsage)"), argument: nil))
      return
    }
    if hasBlock, spec.block == nil {
      problems.append(
        ArgumentProblem(
          LangError("`\(spec.name)` takes no block", hint: "usage: \(spec.shortUsage)"),
          argument: nil))
    }
  }
}
