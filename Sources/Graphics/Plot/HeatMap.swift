/// A table of numbers as coloured cells, with a colour bar: a sweep over two options.
public struct HeatMap: Figure, Sendable {
  public var title: String
  /// Names of the rows, from the top, and of what they are.
  public var rows: [String]
  public var rowLabel: String
  public var columns: [String]
  public var columnLabel: String
  /// Row by row; a value that is no number leaves its cell grey.
  public var values: [[Double]]
  /// What the values are, with their unit.
  public var quantity: String
  public var colormap: Colormap
  /// Digits after the point of the numbers in the cells.
  public var digits: Int

  /// - Throws: `GraphicsError` where the values do not fill the table or none is finite.
  public init(
    _ title: String = "", rows: [String], rowLabel: String, columns: [String],
    columnLabel: String, values: [[Double]], quantity: String, colormap: Colormap? = nil,
    digits: Int = 2
  ) throws {
    guard !rows.isEmpty, !columns.isEmpty, values.count == rows.count,
      values.allSatisfy({ $0.count == columns.count })
    else {
      throw GraphicsError("the values do not fill a table of \(rows.count)x\(columns.count)")
    }
    guard values.joined().contains(where: \.isFinite) else {
      throw GraphicsError("there is nothing to plot", hint: "no value is finite")
    }
    self.title = title
    self.rows = rows
    self.rowLabel = rowLabel
    self.columns = columns
    self.columnLabel = columnLabel
    self.values = values
    self.quantity = quantity
    self.colormap = try colormap ?? Colormap(named: "viridis")
    self.digits = digits
  }

  public func encoded(as kind: PictureKind) throws -> [UInt8] {
    let cell = (width: max(22, min(48, 480 / Double(columns.count))), height: 26.0)
    let probe = try Canvas(width: 8, height: 8, kind: .png)
    let widest = rows.map { probe.measure($0, size: PlotLayout.tickSize).width }.max() ?? 0
    let left = 30 + widest
    let top = title.isEmpty ? 10.0 : 28
    let frame = Rect(
      x: left, y: top, width: cell.width * Double(columns.count),
      height: max(60, cell.height * Double(rows.count)))
    let canvas = try Canvas(
      width: frame.right + 78, height: frame.bottom + 40, kind: kind, scale: 2)
    let window = self.window
    drawCells(canvas, frame, window)
    drawNames(canvas, frame)
    let bar = Rect(x: frame.right + 14, y: frame.y, width: 60, height: frame.height)
    try ColorBar(map: colormap, window: window, label: quantity).draw(on: canvas, in: bar)
    return try canvas.finished()
  }

  private var window: Window {
    let finite = values.joined().filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = finite.max() ?? 1
    return high > low ? Window(low: low, high: high) : Window(low: low - 0.5, high: low + 0.5)
  }

  private func place(_ row: Int, _ column: Int, _ frame: Rect) -> Rect {
    let width = frame.width / Double(columns.count)
    let height = frame.height / Double(rows.count)
    return Rect(
      x: frame.x + width * Double(column), y: frame.y + height * Double(row), width: width,
      height: height)
  }

  private func drawCells(_ canvas: Canvas, _ frame: Rect, _ window: Window) {
    for (row, line) in values.enumerated() {
      for (column, value) in line.enumerated() {
        let rect = place(row, column, frame)
        let shade = window.shade(Float(value), top: 255)
        let color = shade.map { colormap.entries[$0] } ?? colormap.missing
        canvas.fill(
          rect, Color(Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255))
        let text = value.isFinite ? NumberText.fixed(value, digits) : "–"
        guard canvas.measure(text, size: 8).width < rect.width - 3 else { continue }
        let ink = color.luma > 140 ? Color.ink : .white
        canvas.text(
          NumberText.typographic(text), at: rect.middle,
          TextStyle(size: 8, color: ink, .centre, .middle))
      }
    }
    canvas.stroke(frame, Stroke(.ink, width: 0.8))
  }

  private func drawNames(_ canvas: Canvas, _ frame: Rect) {
    let style = TextStyle(size: PlotLayout.tickSize)
    for (row, name) in rows.enumerated() {
      let y = place(row, 0, frame).middle.y
      canvas.text(name, at: Point(frame.x - 6, y), style.placed(.right, .middle))
    }
    for (column, name) in columns.enumerated() {
      let x = place(0, column, frame).middle.x
      canvas.text(name, at: Point(x, frame.bottom + 5), style.placed(.centre, .top))
    }
    let label = TextStyle(size: PlotLayout.labelSize)
    canvas.text(
      columnLabel, at: Point(frame.middle.x, frame.bottom + 20), label.placed(.centre, .top))
    var upward = label.placed(.centre, .top)
    upward.upward = true
    canvas.text(rowLabel, at: Point(6, frame.middle.y), upward)
    canvas.text(
      title, at: Point(frame.middle.x, 8),
      TextStyle(size: PlotLayout.titleSize, bold: true, .centre, .top))
  }
}
