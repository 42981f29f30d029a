/// The names of a plot's series: in the corner of the frame where they hide nothing, or beside it.
struct PlotLegend {
  enum Place { case inside, beside, above }

  private let layout: PlotLayout
  private let named: [Int]
  var place = Place.inside
  let width: Double
  private let height: Double
  private static let size = 8.5
  private static let line = 13.0
  private static let sample = 18.0

  /// Nil where there is nothing to tell apart.
  init?(_ layout: PlotLayout) {
    let series = layout.plot.series
    named = series.indices.filter { !series[$0].name.isEmpty }
    guard !named.isEmpty, series.count > 1 else { return nil }
    self.layout = layout
    let widths = named.map {
      layout.canvas.measure(series[$0].name, size: PlotLegend.size).width
    }
    width = PlotLegend.sample + 17 + (widths.max() ?? 0)
    height = PlotLegend.line * Double(named.count) + 6
  }

  /// Whether a corner of the frame has room without hiding data.
  var fitsInside: Bool {
    width < layout.frame.width * 0.6 && height < layout.frame.height * 0.7
      && emptiest.hidden == 0
  }

  func draw() {
    let frame = layout.frame
    switch place {
    case .inside:
      let box = emptiest.box
      layout.canvas.fill(box, Color.white.with(alpha: 0.85))
      layout.canvas.stroke(box, Stroke(Color(hex: 0xcccccc), width: 0.6))
      column(from: Point(box.x, box.y))
    case .beside: column(from: Point(frame.right + 6, frame.y))
    case .above: row()
    }
  }

  private func column(from corner: Point) {
    for (row, index) in named.enumerated() {
      let y = corner.y + 3 + PlotLegend.line * (Double(row) + 0.5)
      entry(index, at: Point(corner.x + 6, y))
    }
  }

  /// From the right end of the frame's upper edge to the left.
  private func row() {
    var right = layout.frame.right
    for index in named.reversed() {
      right -= PlotLegend.sample + 5 + width(of: index)
      entry(index, at: Point(right, layout.frame.y - 8))
      right -= 14
    }
  }

  private func width(of index: Int) -> Double {
    layout.canvas.measure(layout.plot.series[index].name, size: PlotLegend.size).width
  }

  private func entry(_ index: Int, at place: Point) {
    key(index, at: place)
    layout.canvas.text(
      layout.plot.series[index].name, at: Point(place.x + 5 + PlotLegend.sample, place.y),
      TextStyle(size: PlotLegend.size, .left, .middle))
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
  private var emptiest: (box: Rect, hidden: Int) {
    let frame = layout.frame
    let gap = 7.0
    let boxes = [
      (frame.right - width - gap, frame.y + gap), (frame.x + gap, frame.y + gap),
      (frame.right - width - gap, frame.bottom - height - gap),
      (frame.x + gap, frame.bottom - height - gap),
    ].map { Rect(x: $0.0, y: $0.1, width: width, height: height) }
    let points = layout.plot.series.flatMap(outline)
    let counts = boxes.map { box in
      let wide = box.inset(by: -3)
      return points.count {
        (wide.x...wide.right).contains($0.x) && (wide.y...wide.bottom).contains($0.y)
      }
    }
    let best = counts.indices.min { counts[$0] < counts[$1] } ?? 0
    return (boxes[best], counts[best])
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
