/// How a line of text is set: size, weight, colour, and which of its points lies where it is put.
public struct TextStyle: Sendable, Equatable {
  public enum Horizontal: Sendable { case left, centre, right }
  public enum Vertical: Sendable { case top, middle, baseline, bottom }

  /// Size of the font in units.
  public var size: Double
  public var bold: Bool
  public var color: Color
  public var horizontal: Horizontal
  public var vertical: Vertical
  /// Reads upwards, turned a quarter against the clock.
  public var upward: Bool

  public init(
    size: Double = 9, bold: Bool = false, color: Color = .ink,
    _ horizontal: Horizontal = .left, _ vertical: Vertical = .baseline, upward: Bool = false
  ) {
    self.size = size
    self.bold = bold
    self.color = color
    self.horizontal = horizontal
    self.vertical = vertical
    self.upward = upward
  }
}

/// How a line is stroked.
public struct Stroke: Sendable, Equatable {
  public enum Dash: Sendable, CaseIterable { case solid, dashed, dotted }

  public var color: Color
  /// Width in units.
  public var width: Double
  public var dash: Dash
  /// Round joins and ends, for curves.
  public var round: Bool

  public init(_ color: Color, width: Double = 1, dash: Dash = .solid, round: Bool = false) {
    self.color = color
    self.width = width
    self.dash = dash
    self.round = round
  }

  /// Lengths of dash and gap in units; zero for a solid line.
  var pattern: (dash: Double, gap: Double) {
    switch dash {
    case .solid: (0, 0)
    case .dashed: (max(3.5 * width, 3), max(2.2 * width, 2))
    case .dotted: (max(width, 0.8), max(1.8 * width, 1.6))
    }
  }
}
