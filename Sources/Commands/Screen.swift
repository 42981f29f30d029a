import Graphics
import Lang

/// What the terminal can show; the program fills it in.
public final class Screen {
  public enum Colors: Sendable {
    /// Shades are letters.
    case none
    /// The palette of 256.
    case palette
    /// 24 bits.
    case full
  }

  /// Letters in a line.
  public var columns = 80
  public var rows = 24
  /// Without a terminal there are no colours.
  public var colors = Colors.none

  public init() {}

  var depth: ColorDepth {
    switch colors {
    case .none: .none
    case .palette: .palette
    case .full: .full
    }
  }
}

extension Context {
  /// The session's terminal.
  var screen: Screen { state(default: Screen.init) }
}
