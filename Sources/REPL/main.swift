import Commands
import Glibc
import Lang

// Runs what is given after `-c`.
let session = Session(
  commands: CommandList.all,
  output: Output(
    text: { fputs($0, stdout) },
    note: { fputs($0, stderr) }))
switch session.run(CommandLine.arguments.dropFirst(2).joined(separator: " "), name: "-c") {
case .finished: exit(0)
case .failed(let diagnostics):
  for diagnostic in diagnostics { fputs(diagnostic.rendered(), stderr) }
  exit(1)
case .interrupted: exit(130)
case .quit(let status): exit(status)
}
