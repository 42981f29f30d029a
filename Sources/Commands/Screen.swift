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
  /// Whether long work may draw more than a line while it runs.
  public var isLive = false
  /// Looks again how large the window is.
  public var measure: (Screen) -> Void = { _ in }
  /// Finds out how pictures are shown, when it is first asked.
  public var detectPictures: () -> PictureProtocol = { .text }
  private(set) lazy var pictures = detectPictures()
  /// Pixels of a letter, where pictures are shown as pixels.
  public var cell = (width: 9, height: 18)

  /// Ways in which terminals take pictures.
  public enum PictureProtocol: String, Sendable {
    /// Half blocks or letters.
    case text
    case kitty, iterm, sixel
  }

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
