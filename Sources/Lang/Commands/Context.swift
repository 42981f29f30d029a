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
      do {
        try parameter.bind(value)
      } catch {
        guard let text = value.asString, let meant = try? evaluate(text) else { throw error }
        try parameter.bind(meant)
      }
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

  /// The commands and functions there are, for `help` and the manual.
  public var catalogue: Catalogue { runtime.catalogue }
  public var host: any Host { runtime.host }
  /// What was typed and ran without an error.
  public var history: [String] { runtime.history }
  /// Name of the script that runs, or of the prompt.
  public var script: String? { runtime.openFiles.first }
  /// What was typed and shown so far.
  public var transcript: Transcript { runtime.transcript }

  /// Whether a command that Ctrl-C stopped is to give back what it has, and clear the flag; or
  /// else what runs it ends too.
  public var keepsInterruptedWork: Bool { runtime.keepsInterruptedWork }

  /// State that belongs to commands and lives as long as the session: a ledger, a running sweep.
  public func state<T: AnyObject>(_ type: T.Type = T.self, default make: () -> T) -> T {
    runtime.state(type, default: make)
  }
}
