/// What was typed and what came of it, in order: the stuff of a report.
public final class Transcript {
  public enum Entry: Equatable, Sendable {
    /// Markdown of a prose cell.
    case prose(String)
    /// Statements as typed.
    case code(String)
    /// Text that they printed or showed.
    case output(String)
    /// A picture that they wrote, by its path.
    case picture(path: String, label: String)
    case error(String)
  }

  private var closed: [Entry] = []
  /// The output that still grows; kept apart, so that a line is added without a copy.
  private var growing = ""
  /// Longest text that an output keeps, so that a talkative loop does not fill the memory.
  private static let longestOutput = 1 << 20

  public var entries: [Entry] { growing.isEmpty ? closed : closed + [.output(growing)] }

  func append(_ entry: Entry) {
    if case .output(let text) = entry {
      if growing.utf8.count < Transcript.longestOutput { growing += text }
    } else {
      if !growing.isEmpty { closed.append(.output(growing)) }
      growing = ""
      closed.append(entry)
    }
  }

  /// Notes a picture that a command wrote.
  public func addPicture(path: String, label: String = "") {
    append(.picture(path: path, label: label))
  }
}
