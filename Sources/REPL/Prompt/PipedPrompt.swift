import Lang
import TensorEngine

/// Statements from a standard input that is no terminal: no prompt, no echo. As at the prompt,
/// what follows an error is run.
struct PipedPrompt {
  let session: Session
  let console: Console

  /// - Returns: 1 where a statement failed, so that whoever pipes notices.
  func run() -> Int32 {
    var input = PipedLines()
    var pending = PendingInput()
    var status = Program.Status.success
    while true {
      let line: String?
      do {
        line = try input.next()
      } catch is Interrupted {
        return Program.Status.interrupted
      } catch {
        console.show([Diagnostic((error as? any Explained)?.message ?? "\(error)")])
        return Program.Status.misuse
      }
      // At the end, what never became complete is run too, to be told what it lacks.
      let text = line.map { pending.add($0, for: session) } ?? pending.text
      if let text {
        pending = PendingInput()
        switch session.runTyped(text, name: "<stdin>") {
        case .finished: break
        case .failed(let diagnostics):
          console.show(diagnostics)
          status = Program.Status.failure
        case .interrupted:
          console.note("interrupted\n")
          return Program.Status.interrupted
        case .quit(let chosen): return chosen
        }
        console.eraseStatus()
      }
      if line == nil { return status }
    }
  }
}
