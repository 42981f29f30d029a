/// The names of a plot's series, in the corner where they hide the least.
struct PlotLegend {
  private let layout: PlotLayout
  private let named: [Int]
  private static let size = 8.5
  private static let line = 13.0
  private static let sample = 18.0

  init(_ layout: PlotLayout) {
    self.layout = layout
    named = layout.plot.series.indices.filter { !layout.plot.series[$0].name.isEmpty }
  }

  /// One series needs no legend where a title or an axis says what it is.
  func draw() {
    let alone = named.count == 1 && layout.plot.series.count == 1
    guard !named.isEmpty, !alone else { return }
    let canvas = layout.canvas
    let widths = named.map {
      canvas.measure(layout.plot.series[$0].name, size: PlotLegend.size).width
    }
    let width = PlotLegend.sample + 16 + (widths.max() ?? 0)
    let height = PlotLegend.line * Double(named.count) + 6
    let box = emptiest(width, height)
    canvas.fill(box, Color.white.with(alpha: 0.85))
    canvas.stroke(box, Stroke(Color(hex: 0xcccccc), width: 0.6))
    for (row, index) in named.enumerated() {
      let y = box.y + 3 + PlotLegend.line * (Double(row) + 0.5)
      key(index, at: Point(box.x + 6, y))
      canvas.text(
        layout.plot.series[index].name, at: Point(box.x + 11 + PlotLegend.sample, y),
        TextStyle(size: PlotLegend.size, .left, .middle))
    }
  }

  private func key(_ index: Int, at place: Point) {
    let series = layout.plot.series[index]
    let color = layout.plot.color(of: index)
    let canvas = layout.canvas
    let end = Point(place.x + PlotLegend.sample, place.y)
    let middle = Point(place.x + PlotLegend.sample / 2, place.y)
    switch series.kind {
    case .line, .marked:
      canvas.line([place, end], Stroke(color, width: series.width, dash: series.dash))
      if series.kind == .marked {
        canvas.circle(at: middle, radius: 2.4, fill: color, stroke: Stroke(.white, width: 0.6))
      }
    case .scatter: canvas.circle(at: middle, radius: 2.2, fill: color)
    case .bars, .steps:
      canvas.fill(
        Rect(x: place.x, y: place.y - 3.5, width: PlotLegend.sample, height: 7),
        color.with(alpha: series.kind == .bars ? 0.9 : 0.4))
    }
  }

  /// Of the four corners (the upper right first), the one whose box holds the fewest drawn points.
  private func emptiest(_ width: Double, _ height: Double) -> Rect {
    let frame = layout.frame
    let gap = 7.0
    let boxes = [
      (frame.right - width - gap, frame.y + gap), (frame.x + gap, frame.y + gap),
      (frame.right - width - gap, frame.bottom - height - gap),
      (frame.x + gap, frame.bottom - height - gap),
    ].map { Rect(x: $0.0, y: $0.1, width: width, height: height) }
    let points = layout.plot.series.flatMap(outline)
    func hidden(_ box: Rect) -> Int {
      let wide = box.inset(by: -4)
      return points.count {
        (wide.x...wide.right).contains($0.x) && (wide.y...wide.bottom).contains($0.y)
      }
    }
    let counts = boxes.map(hidden)
    let best = counts.indices.min { counts[$0] < counts[$1] } ?? 0
    return boxes[best]
  }

  /// Points along a series, close enough together that none can pass a box unseen.
  private func outline(_ series: Series) -> [Point] {
    let corners = zip(series.x, series.y).compactMap { layout.point($0, $1) }
    let filled = series.kind == .bars || series.kind == .steps
    if filled {
      let foot = layout.frame.bottom
      return corners.flatMap { corner in
        stride(from: corner.y, through: foot, by: 6).map { Point(corner.x, $0) }
      }
    }
    guard series.kind != .scatter else { return corners }
    return zip(corners, corners.dropFirst()).flatMap { a, b -> [Point] in
      let steps = max(1, min(200, Int(max(abs(a.x - b.x), abs(a.y - b.y)) / 5)))
      return (0...steps).map {
        let t = Double($0) / Double(steps)
        return Point(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
      }
    }
  }
}
