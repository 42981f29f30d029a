import Lang

/// Where long work stands.
public struct ProgressUpdate {
  public let task: String
  /// Share that is done, 0 to 1.
  public let done: Double
  /// Wall time since the start.
  public let seconds: Double
  /// Things done so far and what they are, for the rate.
  public var rate: (count: Double, unit: String)?
  /// Names and values worth showing: epoch, loss, best.
  public var facts: [(name: String, value: String)]
  /// Lines to draw above the progress for a screen of so many columns and rows; none where there
  /// is no room.
  public let panel: (_ columns: Int, _ rows: Int) -> [String]

  public init(
    task: String, done: Double, seconds: Double, rate: (count: Double, unit: String)? = nil,
    facts: [(name: String, value: String)] = [],
    panel: @escaping (_ columns: Int, _ rows: Int) -> [String] = { _, _ in [] }
  ) {
    self.panel = panel
    self.task = task
    self.done = done
    self.seconds = seconds
    self.rate = rate
    self.facts = facts
  }
}

/// Where progress is shown; the program replaces what these do.
public final class ProgressSink {
  public var show: (ProgressUpdate) -> Void = { _ in }
  public var finish: () -> Void = {}

  public init() {}
}

extension Context {
  /// The session's place for progress.
  var progress: ProgressSink { state(default: ProgressSink.init) }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
