/// Several plots on one sheet, row by row.
public struct PlotGrid: Figure, Sendable {
  public var plots: [Plot]
  public var columns: Int

  public init(_ plots: [Plot], columns: Int = 2) {
    self.plots = plots
    self.columns = columns
  }

  public func encoded(as kind: PictureKind) throws -> [UInt8] {
    guard !plots.isEmpty, columns > 0 else { throw GraphicsError("there is nothing to plot") }
    let across = min(columns, plots.count)
    let rows = stride(from: 0, to: plots.count, by: across).map {
      Array(plots[$0..<min($0 + across, plots.count)])
    }
    let widths = (0..<across).map { column in
      rows.compactMap { $0.indices.contains(column) ? $0[column].width : nil }.max() ?? 0
    }
    let heights = rows.map { $0.map(\.height).max() ?? 0 }
    let canvas = try Canvas(
      width: widths.reduce(0, +), height: heights.reduce(0, +), kind: kind, scale: plots[0].scale)
    let gutters = (0..<across).map { column in
      let plots = rows.compactMap { $0.indices.contains(column) ? $0[column] : nil }
      return plots.map { plot in
        PlotLayout(
          plot, on: canvas, in: Rect(x: 0, y: 0, width: plot.width, height: plot.height)
        ).gutter
      }.max() ?? 0
    }
    var top = 0.0
    for (row, height) in zip(rows, heights) {
      var left = 0.0
      for (column, plot) in row.enumerated() {
        let sheet = Rect(x: left, y: top, width: widths[column], height: height)
        try plot.draw(on: canvas, in: sheet, gutter: gutters[column])
        left += widths[column]
      }
      top += height
    }
    return try canvas.finished()
  }
}
