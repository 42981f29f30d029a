import Commands
import Lang

/// A session whose two streams are one text, in the order in which a user sees them.
final class TranscriptPlayer {
  private var seen = ""
  private let folder: String
  private let scratch: String

  /// - Parameters:
  ///   - folder: where scripts that are included, and files that are looked for, lie.
  ///   - scratch: an empty folder; the transcript finds it as `args[0]`.
  init(folder: String, scratch: String) {
    self.folder = folder
    self.scratch = scratch
  }

  /// Types the lines of a text at the prompt.
  func type(_ text: String) -> String {
    let session = session()
    var pending = PendingInput()
    for line in lines(of: text) {
      seen += (pending.isEmpty ? "dn> " : "...> ") + line + "\n"
      guard let statement = pending.add(line, for: session) else { continue }
      pending = PendingInput()
      show(session.runTyped(statement))
    }
    if !pending.isEmpty { show(session.runTyped(pending.text)) }
    return seen
  }

  /// Runs a text as a script.
  func run(_ text: String, name: String) -> String {
    show(session().run(text, name: name))
    return seen
  }

  private func session() -> Session {
    let add: (String) -> Void = { [unowned self] in seen += $0 }
    return Session(
      commands: CommandList.all, functions: CommandList.functions,
      host: FolderHost(folder: folder),
      output: Output(text: add, note: add), arguments: [scratch])
  }

  private func show(_ outcome: Session.Outcome) {
    switch outcome {
    case .finished: break
    case .failed(let diagnostics): seen += diagnostics.map { $0.rendered() }.joined()
    case .interrupted: seen += "interrupted\n"
    case .quit(let status): seen += "(left with status \(status))\n"
    }
  }

  private func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
