/// Draws the data of a plot inside its frame.
struct SeriesDrawing {
  let layout: PlotLayout
  private var plot: Plot { layout.plot }
  private var canvas: Canvas { layout.canvas }

  init(_ layout: PlotLayout) { self.layout = layout }

  func draw() {
    // Dots and lines at the very edge keep their full width.
    canvas.clipped(to: layout.frame.inset(by: -1.5)) {
      for index in plot.series.indices { draw(plot.series[index], plot.color(of: index), index) }
    }
  }

  private func draw(_ series: Series, _ color: Color, _ index: Int) {
    shade(series, color)
    let stroke = Stroke(color, width: series.width, dash: series.dash, round: true)
    switch series.kind {
    case .line: lines(series, stroke)
    case .marked:
      lines(series, stroke)
      dots(series, color, radius: 2.4, rim: true)
    case .scatter:
      // Many dots let one see where they pile up.
      let alpha = series.y.count > 200 ? 0.45 : 0.85
      dots(series, color.with(alpha: alpha), radius: series.y.count > 1000 ? 1.3 : 2, rim: false)
    case .bars: bars(series, color, index)
    case .steps: steps(series, color)
    }
  }

  /// Stretches of points that can be shown; a value that cannot breaks the line.
  private func stretches(_ x: [Double], _ y: [Double]) -> [[Point]] {
    var result: [[Point]] = [[]]
    for (across, up) in zip(x, y) {
      if let point = layout.point(across, up) {
        result[result.count - 1].append(point)
      } else if result.last?.isEmpty == false {
        result.append([])
      }
    }
    return result.filter { !$0.isEmpty }
  }

  private func lines(_ series: Series, _ stroke: Stroke) {
    for points in stretches(series.x, series.y) {
      if points.count == 1 {
        canvas.circle(at: points[0], radius: stroke.width, fill: stroke.color)
      } else {
        canvas.line(Thinning.kept(points), stroke)
      }
    }
  }

  private func shade(_ series: Series, _ color: Color) {
    guard !series.low.isEmpty else { return }
    let upper = zip(series.x, series.high).compactMap { layout.point($0, $1) }
    let lower = zip(series.x, series.low).compactMap { layout.point($0, $1) }
    guard upper.count > 1, lower.count > 1 else { return }
    canvas.fill(polygon: upper + lower.reversed(), color.with(alpha: 0.18))
  }

  private func dots(_ series: Series, _ color: Color, radius: Double, rim: Bool) {
    for (across, up) in zip(series.x, series.y) {
      guard let point = layout.point(across, up) else { continue }
      canvas.circle(
        at: point, radius: radius, fill: color, stroke: rim ? Stroke(.white, width: 0.6) : nil)
    }
  }

  private func baseline() -> Double {
    layout.y.scale == .log ? layout.y.low : max(layout.y.low, min(0, layout.y.high))
  }

  /// Several series of bars stand side by side at each place.
  private func bars(_ series: Series, _ color: Color, _ index: Int) {
    let grouped = plot.series.indices.filter { plot.series[$0].kind == .bars }
    let rank = Double(grouped.firstIndex(of: index) ?? 0)
    let sorted = series.x.sorted()
    let gap = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 1
    let width = gap * 0.76 / Double(grouped.count)
    for (across, up) in zip(series.x, series.y) {
      let left = across - gap * 0.38 + rank * width
      guard let foot = layout.point(left, baseline()), let head = layout.point(left + width, up)
      else { continue }
      let rect = Rect(
        x: foot.x, y: min(foot.y, head.y), width: head.x - foot.x, height: abs(foot.y - head.y))
      canvas.fill(rect, color.with(alpha: 0.9))
    }
  }

  private func steps(_ series: Series, _ color: Color) {
    var outline: [Point] = []
    for (i, up) in series.y.enumerated() {
      let height = layout.y.place(up) == nil ? baseline() : up
      guard let left = layout.point(series.x[i], height),
        let right = layout.point(series.x[i + 1], height)
      else { continue }
      outline += [left, right]
    }
    guard let first = outline.first, let last = outline.last,
      let foot = layout.point(layout.x.low, baseline())
    else { return }
    let closed = [Point(first.x, foot.y)] + outline + [Point(last.x, foot.y)]
    canvas.fill(polygon: closed, color.with(alpha: plot.series.count > 1 ? 0.22 : 0.4))
    canvas.line(closed, Stroke(color, width: series.width * 0.75))
  }
}

/// Leaves out points of a line that lie too close to be told apart.
enum Thinning {
  /// In each quarter of a unit along x, the first, the lowest, the highest and the last point, in
  /// their order: the line looks the same and a file of a million points stays small.
  static func kept(_ points: [Point]) -> [Point] {
    guard points.count > 4000, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x }) else {
      return points
    }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let cell = (points[start].x * 4).rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, (points[end].x * 4).rounded(.down) == cell {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      result += Set([start, lowest, highest, end - 1]).sorted().map { points[$0] }
      start = end
    }
    return result
  }
}
