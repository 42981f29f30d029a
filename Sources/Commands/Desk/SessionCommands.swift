import Formats
import Lang

// What was typed, help, and the way out.

struct HistoryCommand: Command {
  static let name = "history"
  static let summary = "what was typed and ran without an error"
  static let group = "Desk"
  static let examples = [Example("history"), Example("history 5", "the last five")]

  @Argument("how many of the last ones", in: 1...) var count: Int?

  func run(in context: Context) throws -> Value {
    for text in context.history.suffix(count ?? Int.max) { context.print(text) }
    return .none
  }
}

/// What `session` does.
enum SessionAction: String, Choice { case save }

struct SessionCommand: Command {
  static let name = "session"
  static let summary = "writes what was typed as a script that runs"
  static let group = "Desk"
  static let examples = [Example("session save \"today.dn\"")]

  @Argument("what to do") var action: SessionAction
  @Argument("file to write to") var file: String
  @Option("whether a file that is there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    let script = context.history.map { $0 + "\n" }.joined()
    try Formats.saveText(
      "# dn \(Provenance.version)\n" + script, file, overwrite: overwrite)
    context.note("wrote \(file)")
    return .none
  }
}

struct HelpCommand: Command {
  static let name = "help"
  static let summary = "what a command, function or word of the language does, or the list of all"
  static let group = "Desk"
  static let examples = [Example("help psnr"), Example("help")]

  @Argument("name") var topic: Word?

  func run(in context: Context) throws -> Value {
    var text = try context.catalogue.help(topic?.text)
    while text.last == "\n" { text.removeLast() }
    context.print(text)
    return .none
  }
}

struct QuitCommand: Command {
  static let name = "quit"
  static let summary = "leaves the program"
  static let group = "Desk"

  @Argument("exit status", in: 0...255) var status = 0

  func run(in context: Context) throws -> Value { throw Quit(status: Int32(status)) }
}
