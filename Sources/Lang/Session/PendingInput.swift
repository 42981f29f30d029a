/// Lines of input gathered until they make a text that is ready to run.
public struct PendingInput {
  /// The lines so far, joined.
  public private(set) var text = ""

  public init() {}

  public var isEmpty: Bool { text.isEmpty }

  /// Adds a line.
  ///
  /// - Returns: the whole text once it is ready to run; nil while it goes on in the next line.
  public mutating func add(_ line: String, for session: Session) -> String? {
    text += text.isEmpty ? line : "\n" + line
    return session.isComplete(text) ? text : nil
  }
}
