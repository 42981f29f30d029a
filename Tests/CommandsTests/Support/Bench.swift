import Commands
import Lang
import TensorEngine
import Testing

/// A session with all commands, and what it printed.
final class Bench {
  let session: Session
  private let heard = Heard()

  /// What reached the two streams.
  private final class Heard {
    var text = ""
    var notes = ""
  }

  /// Runs the given lines first.
  init(_ lines: String...) throws {
    session = Session(
      commands: CommandList.all, functions: CommandList.functions, host: FolderHost(),
      output: Output(
        text: { [heard] in heard.text += $0 }, note: { [heard] in heard.notes += $0 }))
    for line in lines { try run(line) }
  }

  /// Notes and progress so far.
  var notes: String { heard.notes }

  /// Runs a text as typed.
  ///
  /// - Returns: what it printed, without the newline at the end.
  /// - Throws: `Refused` where it failed.
  @discardableResult
  func run(_ text: String) throws -> String {
    heard.text = ""
    switch session.runTyped(text) {
    case .finished: break
    case .failed(let diagnostics):
      throw Refused(
        message: diagnostics.map(\.message).joined(separator: "\n"),
        hint: diagnostics.compactMap(\.hint).joined(separator: "\n"))
    case .interrupted: throw Refused(message: "interrupted", hint: "")
    case .quit(let status): throw Refused(message: "quit \(status)", hint: "")
    }
    return heard.text.last == "\n" ? String(heard.text.dropLast()) : heard.text
  }

  /// The value of an expression or command.
  func value(_ text: String) throws -> Value {
    try run("bench_result = \(text)")
    return try #require(session["bench_result"])
  }

  func number(_ text: String) throws -> Double { try #require(try value(text).asNumber) }
  func numbers(_ text: String) throws -> [Double] { try #require(try value(text).asNumbers) }
  func image(_ text: String) throws -> Image { try #require(try value(text).asImage) }
  func table(_ text: String) throws -> Table { try #require(Table.bind(value(text))) }

  /// The error that a text ends in: message and hint.
  func refusal(_ text: String) throws -> Refused {
    try #require(throws: Refused.self) { try run(text) }
  }
}

/// Why a text did not run.
struct Refused: Error {
  let message: String
  let hint: String
}
