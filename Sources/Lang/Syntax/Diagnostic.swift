/// Something that is wrong, with its place and the remedy.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable { case error, warning, note }

  public var severity: Severity = .error
  /// One sentence in the user's words, without a full stop.
  public var message: String
  public var place: Place?
  public var hint: String?
  /// Further places, such as where a failing function was called.
  public var notes: [Note] = []

  public struct Note: Sendable {
    public let message: String
    public let place: Place?
  }

  public init(_ message: String, at place: Place? = nil, hint: String? = nil) {
    self.message = message
    self.place = place
    self.hint = hint
  }

  /// The diagnostic in the manner of modern compilers, ending in a newline.
  ///
  /// - Parameter color: whether to use ANSI colours.
  public func rendered(color: Bool = false) -> String {
    let style = DiagnosticStyle(color: color)
    var text = style.headline(severity, message)
    if let place { text += style.excerpt(place, severity) }
    if let hint { text += style.hint(hint, margin: place.map(style.margin) ?? 1) }
    for note in notes {
      text += style.headline(.note, note.message)
      if let place = note.place { text += style.excerpt(place, .note) }
    }
    return text
  }
}
