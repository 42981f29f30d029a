import TensorEngine

/// A running language: variables, commands, output, random streams.
///
/// One thread at a time may use a session.
public final class Session {
  let runtime: Runtime
  private var isRunning = false
  /// Bytes of stack for one level of a running tree; measured at under 1000 without optimisation.
  private static let stackOfLevel = 2500

  /// - Parameters:
  ///   - commands: what the program can do, beside the language itself.
  ///   - functions: plain functions beside those of the language.
  ///   - arguments: the words after the script's name: the list `args`.
  ///   - seed: all random streams derive from it.
  public init(
    commands: [any Command.Type] = [], functions: [Builtin] = [], host: any Host = NoHost(),
    output: Output, arguments: [String] = [], seed: UInt64 = 0
  ) {
    let catalogue = Catalogue(commands: commands, builtins: Builtins.all + functions)
    runtime = Runtime(
      catalogue: catalogue, host: host, output: output, arguments: arguments, seed: seed)
  }

  /// A session with another's commands, files and arguments, and nothing else of it.
  init(sharing other: Runtime, output: Output) {
    runtime = Runtime(
      catalogue: other.catalogue, host: other.host, output: output, arguments: other.arguments,
      seed: 0)
  }

  deinit {
    // Functions among the variables hold the frames that hold the variables.
    runtime.globals.clear()
  }

  /// How a run ended.
  public enum Outcome {
    case finished
    case failed([Diagnostic])
    /// Ctrl-C; variables that were set stay.
    case interrupted
    /// The user asked to leave, with this exit status.
    case quit(Int32)
  }

  public var catalogue: Catalogue { runtime.catalogue }
  /// What was typed and ran without an error, for `session save`.
  public var history: [String] { runtime.history }
  public var transcript: Transcript { runtime.transcript }
  public var output: Output {
    get { runtime.output }
    set { runtime.output = newValue }
  }
  public var seed: UInt64 {
    get { runtime.seed }
    set { runtime.reseed(newValue) }
  }

  /// Whether Ctrl-C ends only the command that is running, which gives back what it has, as a
  /// prompt wants it; a script as a whole ends.
  public var keepsInterruptedWork: Bool {
    get { runtime.keepsInterruptedWork }
    set { runtime.keepsInterruptedWork = newValue }
  }

  /// State that belongs to commands, as `Context.state` gives it.
  public func state<T: AnyObject>(_ type: T.Type = T.self, default make: () -> T) -> T {
    runtime.state(type, default: make)
  }

  /// A variable; nil where the name has no value.
  public subscript(name: String) -> Value? {
    get { runtime.globals[name] }
    set { runtime.globals[name] = newValue }
  }
  public var variableNames: [String] { runtime.globals.names }

  /// What is wrong with a text, as far as can be told without running it.
  public func check(_ source: Source) -> [Diagnostic] {
    onBigStack { self.prepare(source).diagnostics }
  }

  /// Checks a text and, where nothing is wrong, runs it.
  @discardableResult
  public func run(_ source: Source) -> Outcome {
    onBigStack { self.runPrepared(source) }
  }

  @discardableResult
  public func run(_ text: String, name: String = "<prompt>") -> Outcome {
    run(Source(text, name: name))
  }

  /// Runs a text that a user typed, and remembers it for `session save` if it succeeds.
  @discardableResult
  public func runTyped(_ text: String, name: String = "<prompt>") -> Outcome {
    let before = changedNames(text).map { (name: $0, value: self[$0]) }
    let outcome = run(text, name: name)
    if !before.isEmpty {
      runtime.changes.append((text, before))
      if runtime.changes.count > Session.mostChanges { runtime.changes.removeFirst() }
    }
    if case .finished = outcome, text.contains(where: { !$0.isWhitespace }) {
      runtime.history.append(text)
    }
    return outcome
  }

  /// Typed texts that `undo` can take back; their old values stay in memory as long.
  private static let mostChanges = 20

  /// Variables that a text assigns to, or all where it may forget any.
  private func changedNames(_ text: String) -> [String] {
    let program = Parser.parse(Source(text))
    guard program.diagnostics.isEmpty else { return [] }
    let assigned = AssignedNames.of(
      program.statements, in: program.source, runtime.catalogue,
      Includes(host: runtime.host, open: []))
    let forgets = text.split { !$0.isLetter }.contains("clear")
    var names = assigned + (forgets ? variableNames : [])
    var seen: Set<String> = []
    names.removeAll { !seen.insert($0).inserted }
    return names
  }

  /// Whether a typed text is ready to run, or goes on in the next line.
  public func isComplete(_ text: String) -> Bool { !Parser.parse(Source(text)).isUnfinished }

  /// Help on a name, or the overview.
  ///
  /// - Throws: `LangError` where there is nothing of that name.
  public func help(_ name: String? = nil) throws -> String { try catalogue.help(name) }

  private struct Prepared {
    let program: Program
    let steps: [Step]
    let diagnostics: [Diagnostic]
  }

  private func prepare(_ source: Source) -> Prepared {
    let program = Parser.parse(source)
    let lowering = Lowering(runtime, includes: Includes(host: runtime.host, open: [source.name]))
    let steps = lowering.lower(program)
    // On a line that could not be read, unknown names only follow from that.
    let unread = Set(program.diagnostics.compactMap { $0.place?.line })
    let further = lowering.diagnostics.filter {
      $0.place?.source !== source || !unread.contains($0.place?.line ?? 0)
    }
    let diagnostics = (program.diagnostics + further).inOrder(of: source)
    return Prepared(program: program, steps: steps, diagnostics: diagnostics)
  }

  private func runPrepared(_ source: Source) -> Outcome {
    let prepared = prepare(source)
    guard prepared.diagnostics.isEmpty else {
      let cells = Cells(source)
      cells.entries(from: 0, to: source.bytes.count).forEach(transcript.append)
      transcript.append(.code(cells.code(from: 0, to: source.bytes.count, of: source)))
      return failed(prepared.diagnostics)
    }
    runtime.openFiles.append(source.name)
    let depth = runtime.depth
    defer {
      runtime.openFiles.removeLast()
      runtime.depth = depth
    }
    let cells = Cells(source)
    let frame = Frame(runtime: runtime)
    var reached = 0
    do {
      for (statement, step) in zip(prepared.program.statements, prepared.steps) {
        try Interrupt.check()
        cells.entries(from: reached, to: statement.span.start).forEach(transcript.append)
        let end = source.endOfStatement(statement.span.end)
        transcript.append(.code(cells.code(from: reached, to: end, of: source)))
        reached = end
        if try step.run(frame) != .next { break }
      }
      cells.entries(from: reached, to: source.bytes.count).forEach(transcript.append)
      return .finished
    } catch is Interrupted {
      return .interrupted
    } catch let quit as Quit {
      return .quit(quit.status)
    } catch let failure as Failure {
      return failed([failure.diagnostic])
    } catch {
      return failed([Diagnostic("\(error)")])
    }
  }

  private func failed(_ diagnostics: [Diagnostic]) -> Outcome {
    transcript.append(.error(diagnostics.map { $0.rendered() }.joined()))
    return .failed(diagnostics)
  }

  /// A command may run a text in the midst of a run: then the stack is large already.
  private func onBigStack<T>(_ body: () -> T) -> T {
    if isRunning { return body() }
    isRunning = true
    defer { isRunning = false }
    return BigStack.run { room in
      runtime.deepest = room / Session.stackOfLevel
      return body()
    }
  }
}

extension [Diagnostic] {
  /// From the beginning of the source to its end; those of other files keep their places.
  fileprivate func inOrder(of source: Source) -> [Diagnostic] {
    enumerated().sorted { a, b in
      guard let x = a.element.place, let y = b.element.place, x.source === source,
        y.source === source
      else { return a.offset < b.offset }
      return (x.span.start, a.offset) < (y.span.start, b.offset)
    }.map(\.element)
  }
}
