import Commands
import Glibc
import Lang

// Runs what is given after `-c`.
let session = Session(
  commands: CommandList.all,
  output: Output(
    text: { text in _ = text.withCString { write(1, $0, strlen($0)) } },
    note: { text in _ = text.withCString { write(2, $0, strlen($0)) } }))
switch session.run(CommandLine.arguments.dropFirst(2).joined(separator: " "), name: "-c") {
case .finished: exit(0)
case .failed(let diagnostics):
  for diagnostic in diagnostics { session.output.note(diagnostic.rendered()) }
  exit(1)
case .interrupted: exit(130)
case .quit(let status): exit(status)
}
