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
  static let details =
    "What only looks things up (`help`, `history`) or saves the session is left out."
  static let group = "Desk"
  static let examples = [Example("session save \"today.dn\"")]

  @Argument("what to do") var action: SessionAction
  @Argument("file to write to") var file: String
  @Option("whether a file that is there may be replaced") var overwrite = false

  func run(in context: Context) throws -> Value {
    let script = context.history.filter(SessionCommand.isWork).map { $0 + "\n" }.joined()
    guard context.writesFiles else { return .none }
    try Formats.saveText(
      "# dn \(Provenance.version)\n" + script, file, overwrite: overwrite)
    context.note("wrote \(file)")
    return .none
  }

  /// Whether a text does something that running the script should do again.
  private static func isWork(_ text: String) -> Bool {
    let idle = [
      SessionCommand.name, HistoryCommand.name, HelpCommand.name, QuitCommand.name,
      UndoCommand.name,
    ]
    let word = text.drop(while: \.isWhitespace).prefix { $0.isLetter || $0 == "?" }
    return !word.hasPrefix("?") && !idle.contains(String(word))
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
