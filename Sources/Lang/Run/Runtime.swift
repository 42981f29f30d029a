import TensorEngine

/// What running code reaches: variables, commands, output, random streams.
final class Runtime {
  let globals = Globals()
  let catalogue: Catalogue
  let host: any Host
  let arguments: [String]
  var output: Output
  let transcript = Transcript()
  var states: [ObjectIdentifier: AnyObject] = [:]
  private(set) var seed: UInt64
  private var drawn = 0
  /// Names the streams of a part of the session that draws by itself; 0 outside of any.
  private var scope = 0
  /// How deep calls are nested, in levels of the trees that run.
  var depth = 0
  /// How deep they may be, for the stack that there is.
  var deepest = 0
  /// What was typed and ran without an error.
  var history: [String] = []
  /// Typed texts that changed variables, with the values before; the newest last.
  var changes: [(text: String, before: [(name: String, value: Value?)])] = []
  /// Files that are being run, outermost first.
  var openFiles: [String] = []
  var keepsInterruptedWork = false
  /// Loops that are running, one in the other.
  var loops = 0

  init(
    catalogue: Catalogue, host: any Host, output: Output, arguments: [String], seed: UInt64
  ) {
    self.arguments = arguments
    self.catalogue = catalogue
    self.host = host
    self.output = output
    self.seed = seed
    globals["args"] = .list(arguments.map(Value.string))
  }

  func print(_ text: String) {
    transcript.append(.output(text))
    output.text(text)
  }

  /// Shows the value of a statement.
  func show(_ value: Value) {
    let text = Show.full(value) + "\n"
    transcript.append(.output(text))
    (output.value ?? output.text)(text)
  }

  func reseed(_ seed: UInt64) {
    self.seed = seed
    drawn = 0
    scope = 0
  }

  /// A number for one random draw; the sequence depends on the session's seed alone.
  func nextSeed() -> UInt64 {
    var stream = RandomStream(seed: seed, purpose: .language, epoch: scope, step: drawn)
    drawn += 1
    return UInt64(stream.next()) << 32 | UInt64(stream.next())
  }

  /// Runs parts of the work, each by its number, whose random draws follow from that number and not
  /// from the parts before; so that a part can be left out.
  func drawingApart<T>(_ body: (_ part: (Int, () throws -> Void) throws -> Void) throws -> T)
    rethrows -> T
  {
    let base = nextSeed()
    let (outerScope, outerDrawn) = (scope, drawn)
    defer { (scope, drawn) = (outerScope, outerDrawn) }
    return try body { number, work in
      var stream = RandomStream(seed: base, purpose: .language, sample: number)
      (scope, drawn) = (Int(stream.next()) + 1, 0)
      try work()
    }
  }

  /// A function of the language, a command as a function, or what a value-making command makes.
  func namedValue(_ name: String, at place: Place) throws -> Value? {
    if let builtin = catalogue.builtin(name) {
      return .function(
        Function(name: name, parameters: builtin.parameters, .builtin(builtin, self)))
    }
    guard let spec = catalogue.command(name) else { return nil }
    if spec.role == .value {
      do {
        return try runCommand(spec, CommandCall())
      } catch { throw Failure.located(error, at: place) }
    }
    let parameters = spec.parameters.map(\.name)
    return .function(Function(name: name, parameters: parameters, .command(spec, self)))
  }

  /// The state of a type, made when first asked for.
  func state<T: AnyObject>(_ type: T.Type, default make: () -> T) -> T {
    let key = ObjectIdentifier(type)
    if let known = states[key] as? T { return known }
    let fresh = make()
    states[key] = fresh
    return fresh
  }

  /// Binds the arguments to a fresh command and runs it.
  ///
  /// - Throws: `ArgumentProblem` where an argument does not fit; what the command throws.
  func runCommand(
    _ spec: CommandSpec, _ call: CommandCall, _ matching: ArgumentMatching? = nil
  ) throws -> Value {
    let matching =
      matching
      ?? ArgumentMatching(spec, names: call.arguments.map(\.name), hasBlock: call.block != nil)
    if let problem = matching.problems.first { throw problem }
    let command = spec.type.init()
    let parameters = CommandSpec.parameters(of: command)
    var given: [String: [String]] = [:]
    var others = Record()
    for (index, argument) in call.arguments.enumerated() {
      guard let name = matching.parameters[index]?.name else {
        if let name = argument.name { others[name] = argument.value }
        continue
      }
      given[name, default: []].append(argument.text ?? "")
      do {
        try parameters.first { $0.name == name }?.bind(argument.value)
      } catch { throw ArgumentProblem(error, argument: index) }
    }
    for parameter in parameters {
      if parameter.kind == .otherOptions { try parameter.bind(.record(others)) }
      if parameter.kind == .block, let block = call.block { try parameter.bind(.function(block)) }
    }
    do {
      return try command.run(
        in: Context(
          runtime: self, given: given, parameters: parameters, started: call.started))
    } catch let error as LangError {
      guard let name = error.argument,
        let index = matching.parameters.firstIndex(where: { $0?.name == name })
      else { throw error }
      throw ArgumentProblem(error, argument: index)
    }
  }

  /// The value of an expression in a text, such as an option in a file of options.
  ///
  /// - Throws: `LangError` where it is none; what evaluating it throws.
  func evaluate(_ text: String) throws -> Value {
    let program = Parser.parse(Source(text, name: text))
    let lowering = Lowering(self, includes: Includes(host: host, open: openFiles))
    guard program.diagnostics.isEmpty, program.statements.count == 1,
      case .expression(let expression, _) = program.statements[0].kind
    else { throw LangError("`\(text)` is no expression") }
    lowering.source = program.source
    let code = lowering.lower(expression)
    if let first = lowering.diagnostics.first {
      throw LangError(first.message, hint: first.hint)
    }
    return try code.evaluate(Frame(runtime: self))
  }

  /// Checks and lowers a file whose name was computed.
  func include(_ path: String, at place: Place) throws -> [Step] {
    let includes = Includes(host: host, open: openFiles)
    let lowering = Lowering(self, includes: includes)
    let steps: [Step]
    do {
      steps = try includes.including(path, from: place.source) { program in
        lowering.diagnostics += program.diagnostics
        return lowering.lower(program)
      }
    } catch { throw Failure.located(error, at: place) }
    if let first = lowering.diagnostics.first {
      var failure = Failure(first.message, at: first.place ?? place, hint: first.hint)
      failure.diagnostic.notes = [Diagnostic.Note(message: "included from here", place: place)]
      throw failure
    }
    return steps
  }
}
