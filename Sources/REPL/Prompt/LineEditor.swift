import CReadlineShim
import Glibc
import Lang

/// GNU readline: a line with editing, history, search and completion.
///
/// There is one terminal, so a program makes one of these.
final class LineEditor {
  enum Input: Equatable {
    case line(String)
    /// Ctrl-D on an empty line.
    case end
    /// Ctrl-C; the line is dropped.
    case interrupted
  }

  /// Statements that the arrow keys bring back.
  static let mostRemembered: Int32 = 10_000

  private let completion: (String) -> Completion

  /// - Parameter completion: what could stand behind a text, the line up to the cursor.
  init(completion: @escaping (String) -> Completion) {
    self.completion = completion
    let usesError = !Terminal.isTerminal(STDOUT_FILENO) && Terminal.isTerminal(STDERR_FILENO)
    dn_editor_start(
      { context, text, found in
        guard let context, let text else { return }
        let editor = Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
        editor.complete(String(cString: text), into: found)
      }, Unmanaged.passUnretained(self).toOpaque(), usesError, Terminal.isDumb)
  }

  func read(_ prompt: String) -> Input {
    var line: UnsafeMutablePointer<CChar>?
    let status = withExtendedLifetime(self) { dn_editor_read(prompt, &line) }
    defer { free(line) }
    if status == DN_EDITOR_LINE, let line { return .line(String(cString: line)) }
    return status == DN_EDITOR_INTERRUPT ? .interrupted : .end
  }

  func remember(_ text: String) { dn_editor_remember(text, LineEditor.mostRemembered) }

  private func complete(_ text: String, into found: OpaquePointer?) {
    let completion = completion(text)
    dn_candidates_start(found, Int32(text.prefix(completion.start).utf8.count))
    for candidate in completion.candidates {
      dn_candidates_add(found, candidate, completion.hints[candidate] ?? "")
    }
  }
}
