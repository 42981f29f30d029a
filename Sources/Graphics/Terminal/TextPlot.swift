/// A plot as lines of text: dots of braille, with axes and a legend.
public struct TextPlot {
  private let plot: Plot
  private let columns: Int
  private let rows: Int
  private let color: Bool

  /// - Parameters:
  ///   - columns: letters of a line, from 30.
  ///   - rows: lines of the data, from 4.
  ///   - color: whether series are told apart by colour (escape sequences of 16 colours).
  public init(_ plot: Plot, columns: Int = 72, rows: Int = 16, color: Bool = false) {
    self.plot = plot
    self.columns = max(30, min(400, columns))
    self.rows = max(4, min(200, rows))
    self.color = color
  }

  /// - Throws: `GraphicsError` where there is nothing to draw.
  public func drawn() throws -> String {
    try plot.checked()
    let (x, y) = plot.fitted()
    let yTicks = y.ticks(about: max(2, rows / 4))
    let labels = marks(yTicks, y)
    let gutter = (labels.values.map(\.count).max() ?? 0) + 1
    let braille = dots(x, y, columns: columns - gutter - 2)
    var lines: [String] = []
    let exponent = yTicks.exponent == 0 ? "" : " ×10" + NumberText.superscript(yTicks.exponent)
    let head = [plot.title, plot.y.label + exponent].filter { !$0.isEmpty }
    if !head.isEmpty { lines.append(pad("", gutter) + " " + head.joined(separator: " · ")) }
    for row in 0..<rows {
      let label = labels[row] ?? ""
      lines.append(
        pad(label, gutter) + (label.isEmpty ? "│" : "┤") + self.line(braille, row))
    }
    lines += axis(x, gutter, braille.columns)
    let names = legend()
    if !names.isEmpty { lines.append(pad("", gutter) + " " + names) }
    return lines.map { trimmed($0) + "\n" }.joined()
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count - 1)) + text
      + (width > text.count ? " " : "")
  }

  private func trimmed(_ line: String) -> String {
    var text = line[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Labels of the vertical axis by row.
  private func marks(_ ticks: Ticks, _ y: FittedAxis) -> [Int: String] {
    var result: [Int: String] = [:]
    for tick in ticks.major {
      guard let place = y.place(tick.value), (0...1).contains(place) else { continue }
      result[Int(((1 - place) * Double(rows - 1)).rounded())] = tick.label
    }
    return result
  }

  private func dots(_ x: FittedAxis, _ y: FittedAxis, columns: Int) -> BrailleCanvas {
    var canvas = BrailleCanvas(columns: max(4, columns), rows: rows)
    for (owner, series) in plot.series.enumerated() {
      switch series.kind {
      case .bars, .steps: columnsOf(series, x, y, owner, &canvas)
      case .line, .marked, .scatter: curve(series, x, y, owner, &canvas)
      }
    }
    return canvas
  }

  private func curve(
    _ series: Series, _ x: FittedAxis, _ y: FittedAxis, _ owner: Int,
    _ canvas: inout BrailleCanvas
  ) {
    var last: (x: Double, y: Double)?
    for (across, up) in zip(series.x, series.y) {
      guard let h = x.place(across), let v = y.place(up), (-0.001...1.001).contains(h) else {
        last = nil
        continue
      }
      let here = (
        x: h * Double(canvas.width - 1), y: (1 - max(-1, min(2, v))) * Double(canvas.height - 1)
      )
      canvas.line(from: series.kind == .scatter ? here : last ?? here, to: here, owner: owner)
      last = here
    }
  }

  /// Upright areas from the lower edge: a bin's whole width, or three quarters of a bar's place.
  private func columnsOf(
    _ series: Series, _ x: FittedAxis, _ y: FittedAxis, _ owner: Int,
    _ canvas: inout BrailleCanvas
  ) {
    let gaps = zip(series.x, series.x.dropFirst()).map { $1 - $0 }
    let half = 0.38 * (gaps.filter { $0 > 0 }.min() ?? 1)
    for (i, up) in series.y.enumerated() {
      let left = series.kind == .steps ? series.x[i] : series.x[i] - half
      let right = series.kind == .steps ? series.x[i + 1] : series.x[i] + half
      guard let from = x.place(left), let to = x.place(right), let v = y.place(up), v > 0 else {
        continue
      }
      let top = (1 - min(1, v)) * Double(canvas.height - 1)
      let first = Int((max(0, from) * Double(canvas.width)).rounded())
      let last = Int((min(1, to) * Double(canvas.width)).rounded())
      for column in first..<max(first, last) {
        canvas.line(
          from: (Double(column), top), to: (Double(column), Double(canvas.height - 1)),
          owner: owner)
      }
    }
  }

  private func line(_ braille: BrailleCanvas, _ row: Int) -> String {
    var text = ""
    var current: Int?
    for column in 0..<braille.columns {
      let cell = braille.letter(column: column, row: row)
      if color, let owner = cell?.owner, owner != current {
        text += paint(owner)
        current = owner
      }
      text.append(cell?.letter ?? " ")
    }
    while text.last == " " { text.removeLast() }
    return current == nil ? text : text + "\u{1b}[0m"
  }

  private func paint(_ owner: Int) -> String {
    "\u{1b}[\([34, 33, 32, 35, 36, 31][owner % 6])m"
  }

  /// The lower edge, its numbers and its label.
  private func axis(_ x: FittedAxis, _ gutter: Int, _ width: Int) -> [String] {
    let ticks = x.ticks(about: max(2, width / 14))
    var edge = [Character](repeating: "─", count: width)
    var numbers = [Character](repeating: " ", count: width + gutter + 1)
    var free = 0
    for tick in ticks.major {
      guard let place = x.place(tick.value), (-0.001...1.001).contains(place) else { continue }
      let column = Int((place * Double(width - 1)).rounded())
      edge[column] = "┬"
      let start = min(gutter + 1 + column - tick.label.count / 2, numbers.count - tick.label.count)
      guard start >= free else { continue }
      for (i, letter) in tick.label.enumerated() { numbers[start + i] = letter }
      free = start + tick.label.count + 1
    }
    var lines = [pad("", gutter) + "└" + String(edge), String(numbers)]
    let factor = ticks.exponent == 0 ? "" : " (×10\(NumberText.superscript(ticks.exponent)))"
    let label = plot.x.label + factor
    if !label.isEmpty {
      let start = gutter + 1 + max(0, (width - label.count) / 2)
      lines.append(String(repeating: " ", count: start) + label)
    }
    return lines
  }

  private func legend() -> String {
    plot.series.indices.filter { !plot.series[$0].name.isEmpty }.map { i in
      color ? paint(i) + "━━\u{1b}[0m " + plot.series[i].name : plot.series[i].name
    }.joined(separator: color ? "   " : " · ")
  }
}
