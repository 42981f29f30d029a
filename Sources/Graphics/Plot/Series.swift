/// One set of data in a plot.
public struct Series: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case line
    /// A line with a dot at each point.
    case marked
    /// Dots alone.
    case scatter
    /// Bars that stand on 0, one at each `x`.
    case bars
    /// A filled outline of steps; `x` holds one edge more than `y` has values.
    case steps
  }

  /// Name in the legend; a nameless series is not in it.
  public var name: String
  public var kind: Kind
  public var x: [Double]
  public var y: [Double]
  /// Lower and upper bounds around `y`, drawn as a shade; empty or as many as `y`.
  public var low: [Double]
  public var high: [Double]
  /// By its place among the series where nil.
  public var color: Color?
  public var dash: Stroke.Dash
  public var width: Double

  public init(
    _ name: String = "", x: [Double], y: [Double], kind: Kind = .line, low: [Double] = [],
    high: [Double] = [], color: Color? = nil, dash: Stroke.Dash = .solid, width: Double = 1.5
  ) {
    self.name = name
    self.kind = kind
    self.x = x
    self.y = y
    self.low = low
    self.high = high
    self.color = color
    self.dash = dash
    self.width = width
  }

  /// Values at 0, 1, 2 …
  public init(_ name: String = "", _ y: [Double], kind: Kind = .line, color: Color? = nil) {
    self.init(name, x: y.indices.map(Double.init), y: y, kind: kind, color: color)
  }

  /// - Throws: `GraphicsError` where the numbers of `x` and `y` do not agree.
  func checked() throws {
    let wanted = kind == .steps ? y.count + 1 : y.count
    let title = name.isEmpty ? "a series" : "the series \"\(name)\""
    guard x.count == wanted else {
      throw GraphicsError("\(title) has \(x.count) places and \(y.count) values")
    }
    guard low.count == high.count, low.isEmpty || low.count == y.count else {
      throw GraphicsError("\(title) has \(y.count) values and \(low.count) bounds")
    }
  }
}
