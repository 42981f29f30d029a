/// A place on a canvas, in units from the upper left corner.
public struct Point: Sendable, Equatable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// An upright rectangle on a canvas.
public struct Rect: Sendable, Equatable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var right: Double { x + width }
  public var bottom: Double { y + height }
  public var middle: Point { Point(x + width / 2, y + height / 2) }

  /// The rectangle with each side moved inward by `distance` (outward where negative).
  public func inset(by distance: Double) -> Rect {
    Rect(
      x: x + distance, y: y + distance, width: width - 2 * distance,
      height: height - 2 * distance)
  }

  var corners: [Point] {
    [Point(x, y), Point(right, y), Point(right, bottom), Point(x, bottom)]
  }
}

/// The room a line of text takes: its advance, and its font's ascent and descent.
public struct TextSize: Sendable, Equatable {
  public let width: Double
  public let ascent: Double
  public let descent: Double
  public var height: Double { ascent + descent }
}
