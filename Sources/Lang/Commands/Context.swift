import TensorEngine

/// What a running command may reach: the session's output, streams, state and its own call.
public final class Context {
  /// What the user wrote for each argument and option given, by name: labels for pictures.
  ///
  /// `compare noisy clean` has `["images": ["noisy", "clean"]]`; what was left to its default is
  /// not there.
  public let given: [String: [String]]
  /// When the call began, before its arguments were computed.
  public let started: ContinuousClock.Instant
  let runtime: Runtime
  let parameters: [Parameter]

  init(
    runtime: Runtime, given: [String: [String]], parameters: [Parameter],
    started: ContinuousClock.Instant
  ) {
    self.started = started
    self.runtime = runtime
    self.given = given
    self.parameters = parameters
  }

  /// Results: a line on standard output.
  public func print(_ text: String) { runtime.print(text + "\n") }
  /// Shows a picture as text on standard output; the transcript keeps the picture in its place.
  public func show(_ text: String, as picture: Transcript.Picture) {
    runtime.transcript.add(picture)
    if !runtime.output.takesPictures { runtime.output.text(text + "\n") }
  }
  /// Progress and notes: a line on standard error.
  public func note(_ text: String) { runtime.output.note(text + "\n") }

  /// A record's fields as options that were not given in the call (`with={…}`).
  ///
  /// A text that does not fit an option is read as an expression: a file of options can say
  /// `loss: mse + 0.1*tv`.
  ///
  /// - Throws: `LangError` for an unknown field or one of the wrong type.
  public func merge(_ options: Record) throws {
    for (name, value) in options.fields where given[name] == nil {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        let near = NearestName.of(name, among: parameters.map(\.name))
        throw LangError(
          "the record has no use for `\(name)`", hint: near.map { "did you mean `\($0)`?" },
          argument: "with")
      }
      try bind(value, to: parameter)
    }
  }

  /// Another command with a record's fields as its arguments and options; fields that it does not
  /// know are passed over, and texts are read as in `merge`.
  ///
  /// - Throws: `LangError` for one of the wrong type.
  public func configured<C: Command>(_ type: C.Type, with options: Record) throws -> C {
    let command = type.init()
    for parameter in CommandSpec.parameters(of: command) {
      if let value = options[parameter.name] { try bind(value, to: parameter) }
    }
    return command
  }

  private func bind(_ value: Value, to parameter: Parameter) throws {
    do {
      try parameter.bind(value)
    } catch {
      guard let text = value.asString, let meant = try? evaluate(text) else { throw error }
      try parameter.bind(meant)
    }
  }

  /// The value of an expression, among the session's variables.
  public func evaluate(_ text: String) throws -> Value { try runtime.evaluate(text) }

  /// Seed of the session; every random stream derives from it.
  public var seed: UInt64 {
    get { runtime.seed }
    set { runtime.reseed(newValue) }
  }
  /// A seed for one random draw; each call in a session gives another, in the same order every run.
  public func nextSeed() -> UInt64 { runtime.nextSeed() }

  /// Variables of the session by name, at its top level.
  public subscript(variable name: String) -> Value? {
    get { runtime.globals[name] }
    set { runtime.globals[name] = newValue }
  }
  public var variableNames: [String] { runtime.globals.names }
  /// Forgets every variable.
  public func clearVariables() { runtime.globals.clear() }

  /// Gives the variables back the values that they had before the last typed text that changed
  /// any, and strikes that text from the script.
  ///
  /// - Returns: the text, and the names; nil where there is none.
  public func undo() -> (text: String, names: [String])? {
    guard let last = runtime.changes.popLast() else { return nil }
    for (name, value) in last.before { runtime.globals[name] = value }
    runtime.transcript.strike(last.text)
    if let index = runtime.history.lastIndex(of: last.text) { runtime.history.remove(at: index) }
    return (last.text, last.before.map(\.name))
  }

  /// The commands and functions there are, for `help` and the manual.
  public var catalogue: Catalogue { runtime.catalogue }
  public var host: any Host { runtime.host }
  /// What was typed and ran without an error.
  public var history: [String] { runtime.history }
  /// The words after the script's name.
  public var arguments: [String] { runtime.arguments }
  /// A fresh session with the same commands and files, for work beside this one.
  public func sibling(output: Output) -> Session {
    Session(sharing: runtime, output: output)
  }
  /// Name of the script that runs, or of the prompt.
  public var script: String? { runtime.openFiles.first }
  /// What was typed and shown so far.
  public var transcript: Transcript { runtime.transcript }

  /// Whether a command that Ctrl-C stopped is to give back what it has, and clear the flag; or
  /// else what runs it ends too.
  public var keepsInterruptedWork: Bool { runtime.keepsInterruptedWork }

  /// Ends an interrupt whose work was kept. Inside a loop the flag stays up: the loop ends too,
  /// once the statement has stored what was kept.
  public func endInterrupt() {
    if runtime.loops == 0 { Interrupt.clear() }
  }

  /// Runs work that an interrupt ends as a whole.
  public func endingOnInterrupt<T>(_ body: () throws -> T) rethrows -> T {
    let before = runtime.keepsInterruptedWork
    runtime.keepsInterruptedWork = false
    defer { runtime.keepsInterruptedWork = before }
    return try body()
  }

  /// Runs parts of the work, each by its number, whose random draws follow from that number and not
  /// from the parts before; so that a part can be left out.
  public func drawingApart<T>(
    _ body: (_ part: (Int, () throws -> Void) throws -> Void) throws -> T
  ) rethrows -> T {
    try runtime.drawingApart(body)
  }

  /// State that belongs to commands and lives as long as the session: a ledger, a running sweep.
  public func state<T: AnyObject>(_ type: T.Type = T.self, default make: () -> T) -> T {
    runtime.state(type, default: make)
  }
}
