import Lang
import TensorEngine

/// A session whose output is kept: what a user would see.
final class Console {
  let session: Session
  private let shown = Text()

  private final class Text { var text = "" }

  init(files: [String: String] = [:], seed: UInt64 = 0) {
    session = Session(
      commands: TestCommands.all, host: MemoryHost(files: files),
      output: Output(text: { [shown] in shown.text += $0 }, note: { _ in }),
      arguments: ["one", "two"], seed: seed)
  }

  /// What running a text shows: its output, then its errors.
  func run(_ text: String, name: String = "test.dn") -> String {
    shown.text = ""
    if case .failed(let diagnostics) = session.run(text, name: name) {
      shown.text += diagnostics.map { $0.rendered() }.joined()
    }
    return shown.text.hasSuffix("\n") ? String(shown.text.dropLast()) : shown.text
  }

  /// The messages of what is wrong with a text, without running it.
  func check(_ text: String) -> [String] { session.check(Source(text)).map(\.message) }

  /// What a fresh session shows.
  static func show(_ text: String) -> String { Console().run(text) }

  /// The message of the first error of a fresh session; nil where there is none.
  static func error(_ text: String) -> String? {
    guard case .failed(let diagnostics) = Console().session.run(text) else { return nil }
    return diagnostics.first?.message
  }
}

/// Files that live in a dictionary.
struct MemoryHost: Host {
  let files: [String: String]

  func read(script path: String) throws -> [UInt8] {
    guard let text = files[path] else { throw LangError("there is no file `\(path)`") }
    return Array(text.utf8)
  }
  func exists(_ path: String) -> Bool { files[path] != nil }
  func glob(_ pattern: String) throws -> [String] { files.keys.sorted() }
  func paths(beginning text: String) -> [String] { files.keys.filter { $0.hasPrefix(text) } }
}
