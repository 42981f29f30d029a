import Commands
import Glibc
import Lang

/// Runs what is given after `-c`.
enum Stopgap {
  static func run() -> Int32 {
    let session = Session(
      commands: CommandList.all,
      output: Output(
        text: { text in _ = text.withCString { write(1, $0, strlen($0)) } },
        note: { text in _ = text.withCString { write(2, $0, strlen($0)) } }))
    let text = CommandLine.arguments.dropFirst(2).joined(separator: " ")
    switch session.run(text, name: "-c") {
    case .finished: return 0
    case .failed(let diagnostics):
      for diagnostic in diagnostics { session.output.note(diagnostic.rendered()) }
      return 1
    case .interrupted: return 130
    case .quit(let status): return status
    }
  }
}

exit(Stopgap.run())
