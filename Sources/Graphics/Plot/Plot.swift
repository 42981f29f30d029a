/// A chart of series over two axes; PNG and SVG come from the same drawing.
public struct Plot: Figure, Sendable {
  /// A line across the plot at a value, with a word at its end: a threshold, a level.
  public struct Rule: Sendable, Equatable {
    public enum Direction: Sendable { case horizontal, vertical }
    public var direction: Direction
    public var at: Double
    public var label: String

    public init(_ direction: Direction, at: Double, label: String = "") {
      self.direction = direction
      self.at = at
      self.label = label
    }
  }

  /// A second scale along the upper edge: the reciprocal of the lower one, as a resolution is of a
  /// spatial frequency.
  public struct Reciprocal: Sendable, Equatable {
    public var label: String
    public init(_ label: String) { self.label = label }
  }

  public enum Legend: Sendable {
    /// In a corner where it hides nothing, or beside the frame.
    case automatic
    /// In a row over the frame.
    case above
    case none
  }

  public var title = ""
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var rules: [Rule] = []
  public var reciprocal: Reciprocal?
  public var legend = Legend.automatic
  /// Size of the sheet in points (1/72 inch).
  public var width = 420.0
  public var height = 280.0
  /// Pixels a point, in PNG.
  public var scale = 2.0

  public init(_ title: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  public func encoded(as kind: PictureKind) throws -> [UInt8] {
    let canvas = try Canvas(width: width, height: height, kind: kind, scale: scale)
    try draw(on: canvas, in: Rect(x: 0, y: 0, width: width, height: height))
    return try canvas.finished()
  }

  /// Draws the chart with its labels into a part of a canvas.
  ///
  /// - Parameter gutter: room for the numbers of the vertical axis, at least; so that charts below
  ///   each other line up.
  /// - Throws: `GraphicsError` where there is nothing to draw, or a series does not fit together.
  func draw(on canvas: Canvas, in sheet: Rect, gutter: Double = 0) throws {
    try checked()
    var layout = PlotLayout(self, on: canvas, in: sheet, gutter: gutter)
    var names = legend == .none ? nil : PlotLegend(layout)
    if legend == .automatic, let crowded = names, !crowded.fitsInside {
      layout = PlotLayout(
        self, on: canvas, in: sheet, gutter: gutter, aside: crowded.width + 6)
      names = PlotLegend(layout)
      names?.place = .beside
    }
    if legend == .above { names?.place = .above }
    layout.drawFrame()
    SeriesDrawing(layout).draw()
    layout.drawRules()
    names?.draw()
  }

  /// - Throws: `GraphicsError` where no series has a value that can be shown.
  func checked() throws {
    for one in series { try one.checked() }
    let axes = fitted()
    let visible = series.contains { one in
      zip(one.x, one.y).contains { axes.x.place($0) != nil && axes.y.place($1) != nil }
    }
    guard visible else {
      throw GraphicsError(
        "there is nothing to plot",
        hint: y.scale == .log || x.scale == .log
          ? "a logarithmic axis shows values above 0 only" : "no value is finite")
    }
  }

  /// The two axes fitted to all series and rules.
  func fitted() -> (x: FittedAxis, y: FittedAxis) {
    let bars = series.contains { $0.kind == .bars }
    let steps = series.contains { $0.kind == .steps }
    let across = series.flatMap(\.x)
    let markers = series.contains { [.scatter, .marked].contains($0.kind) }
    let fittedX = FittedAxis(x, values: across, margin: markers || bars ? 0.04 : 0)
    // Only what lies within the x range counts for the height.
    let values = series.flatMap { one in
      zip(one.x, one.y.indices).flatMap { place, i -> [Double] in
        guard let at = fittedX.place(place), (-1e-9...1 + 1e-9).contains(at) else { return [] }
        return [one.y[i]] + (one.low.isEmpty ? [] : [one.low[i], one.high[i]])
      }
    }
    let levels = rules.filter { $0.direction == .horizontal }.map(\.at)
    let linear = y.scale == .linear
    let fittedY = FittedAxis(
      y, values: values + levels, margin: 0.05, zero: (bars || steps) && linear)
    return (fittedX, fittedY)
  }

  /// The colour of a series by its place.
  func color(of index: Int) -> Color {
    series[index].color ?? Color.series[index % Color.series.count]
  }
}
