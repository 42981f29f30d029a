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

  public private(set) var entries: [Entry] = []
  /// Longest text that an output keeps, so that a talkative loop does not fill the memory.
  private static let longestOutput = 1 << 20

  func append(_ entry: Entry) {
    if case .output(let text) = entry, case .output(let before)? = entries.last {
      guard before.utf8.count < Transcript.longestOutput else { return }
      entries.removeLast()
      entries.append(.output(before + text))
    } else {
      entries.append(entry)
    }
  }

  /// Notes a picture that a command wrote.
  public func addPicture(path: String, label: String = "") {
    append(.picture(path: path, label: label))
  }
}
