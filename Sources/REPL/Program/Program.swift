import Commands
import Glibc
import Lang
import TensorEngine

/// The program `dn`: runs what it was asked for and says with which status to leave.
struct Program {
  let console: Console

  /// Exit statuses beside those that a script gives to `quit`.
  enum Status {
    static let success: Int32 = 0
    /// An error in the script.
    static let failure: Int32 = 1
    /// Wrong use: words that mean nothing, a file that is no script.
    static let misuse: Int32 = 2
    static let interrupted: Int32 = 130
  }

  /// - Parameter words: the program's name and what follows it.
  static func main(_ words: [String]) -> Int32 {
    Startup.prepare()
    let program = Program(console: Console())
    do {
      return try program.run(Invocation(Array(words.dropFirst())))
    } catch is Interrupted {
      return Status.interrupted
    } catch {
      return program.misused(error)
    }
  }

  func run(_ invocation: Invocation) throws -> Int32 {
    switch invocation {
    case .prompt:
      return Terminal.isTerminal(STDIN_FILENO)
        ? Prompt(session: session(), console: console).run()
        : PipedPrompt(session: session(), console: console).run()
    case .script(let path, let arguments, let reports):
      return try script(path, arguments, reports: reports)
    case .text(let text, let arguments):
      return run(Source(text, name: "-c"), in: session(arguments))
    case .standardInput(let arguments):
      let bytes = try ScriptFile.read(descriptor: STDIN_FILENO, name: "<stdin>")
      return run(Source(name: "<stdin>", bytes: bytes), in: session(arguments))
    case .check(let path): return try check(path)
    case .manual(let folder):
      try ManualFolder(catalogue: session().catalogue).write(to: folder)
      return Status.success
    case .jupyter(let action): return try action.run(self)
    case .help(let name):
      console.text(try session().help(name))
      return Status.success
    case .usage:
      console.text(Usage.text)
      return Status.success
    case .version:
      console.text("dn \(Provenance.version)\n")
      return Status.success
    }
  }

  func session(_ arguments: [String] = []) -> Session {
    let session = Session(
      commands: CommandList.all, functions: CommandList.functions, host: FileHost(),
      output: console.output, arguments: arguments)
    ProgressDisplay(console).attach(to: session)
    Screen.attach(to: session)
    return session
  }

  private func script(
    _ path: String, _ arguments: [String], reports: [String]
  ) throws -> Int32 {
    let session = session(arguments)
    session.transcript.title = path.split(separator: "/").last.map(String.init)
    let status = run(
      Source(name: path, bytes: try ScriptFile.read(path)), in: session)
    // What was interrupted or failed is reported as far as it came.
    if !reports.isEmpty { Interrupt.clear() }
    for file in reports {
      try session.writeReport(to: file)
      console.note("wrote \(file)\n")
    }
    return status
  }

  private func check(_ path: String) throws -> Int32 {
    let diagnostics = session().check(Source(name: path, bytes: try ScriptFile.read(path)))
    console.show(diagnostics)
    return diagnostics.contains { $0.severity == .error } ? Status.failure : Status.success
  }

  private func run(_ source: Source, in session: Session) -> Int32 {
    let outcome = session.run(source)
    console.eraseStatus()
    switch outcome {
    case .finished: return Status.success
    case .failed(let diagnostics):
      console.show(diagnostics)
      return Status.failure
    case .interrupted:
      console.note("interrupted\n")
      return Status.interrupted
    case .quit(let status): return status
    }
  }

  private func misused(_ error: any Error) -> Int32 {
    let explained = error as? any Explained
    console.show([Diagnostic(explained?.message ?? "\(error)", hint: explained?.hint)])
    return Status.misuse
  }
}
