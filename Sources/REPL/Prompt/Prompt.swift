import Commands
import Glibc
import Lang
import TensorEngine

/// The prompt on a terminal: reads with editing, runs, shows, until the user leaves.
struct Prompt {
  let session: Session
  let console: Console

  private static let first = "dn> "
  /// For lines that go on; as wide as `first`, so that the code stands in line.
  private static let more = "...> "

  func run() -> Int32 {
    let editor = LineEditor { [session] text in session.complete(text, cursor: text.count) }
    var history = HistoryFile()
    history.lines().forEach(editor.remember)
    session.keepsInterruptedWork = true
    console.note("dn \(Provenance.version): `help` lists what there is, Ctrl-D leaves\n")
    var pending = PendingInput()
    while true {
      switch editor.read(pending.isEmpty ? Prompt.first : Prompt.more) {
      case .end:
        console.note("\n")
        return Program.Status.success
      case .interrupted: pending = PendingInput()
      case .line(let line):
        guard let text = pending.add(line, for: session) else { continue }
        pending = PendingInput()
        if history.append(text) { editor.remember(text) }
        if let status = run(text) { return status }
      }
    }
  }

  /// - Returns: the exit status where the user asked to leave.
  private func run(_ text: String) -> Int32? {
    Interrupt.clear()
    let outcome = session.runTyped(text)
    Interrupt.clear()
    console.eraseStatus()
    switch outcome {
    case .finished: break
    case .failed(let diagnostics): console.show(diagnostics)
    case .interrupted: console.note("interrupted\n")
    case .quit(let status): return status
    }
    return nil
  }
}
