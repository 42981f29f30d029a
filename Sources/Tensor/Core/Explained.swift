/// An error in the user's words: what is wrong, and what to do about it.
///
/// Every module throws its own type; whoever shows it needs only this.
public protocol Explained: Error, CustomStringConvertible {
  /// What is wrong, as one sentence without a full stop.
  var message: String { get }
  /// The remedy, where there is one.
  var hint: String? { get }
}

extension Explained {
  public var hint: String? { nil }
  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}

/// Shapes that do not fit, axes that are not there, sizes that are too large.
public struct TensorError: Explained {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// Long work was stopped by the user. Whoever catches it keeps what it has.
public struct Interrupted: Explained {
  public let message = "interrupted"
  public init() {}
}
