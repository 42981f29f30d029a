/// A plot's frame on a canvas: margins from the widths of its labels, axes, ticks and grid.
struct PlotLayout {
  let plot: Plot
  let canvas: Canvas
  let sheet: Rect
  /// The inside, where data are drawn.
  let frame: Rect
  let x: FittedAxis
  let y: FittedAxis
  /// Room for the numbers of the vertical axis.
  let gutter: Double
  private let xTicks: Ticks
  private let yTicks: Ticks

  static let tickSize = 8.5
  static let labelSize = 9.5
  static let titleSize = 10.5

  /// - Parameters:
  ///   - gutter: room for the numbers of the vertical axis, at least.
  ///   - aside: room kept free to the right of the frame, for a legend.
  init(
    _ plot: Plot, on canvas: Canvas, in sheet: Rect, gutter: Double = 0, aside: Double = 0
  ) {
    self.plot = plot
    self.canvas = canvas
    self.sheet = sheet
    (x, y) = plot.fitted()
    yTicks = y.ticks(about: max(3, Int(sheet.height / 48)))
    let widest =
      yTicks.major.map { canvas.measure($0.label, size: PlotLayout.tickSize).width }.max() ?? 0
    self.gutter = max(gutter, widest)
    let left = 10 + self.gutter + (plot.y.label.isEmpty ? 2 : PlotLayout.labelSize + 8)
    var top = plot.title.isEmpty ? 9.0 : 24
    if plot.reciprocal != nil { top += 30 }
    if yTicks.exponent != 0, plot.title.isEmpty { top += 8 }
    let bottom = plot.x.label.isEmpty ? 20.0 : 35
    frame = Rect(
      x: sheet.x + left, y: sheet.y + top, width: max(20, sheet.width - left - 14 - aside),
      height: max(20, sheet.height - top - bottom))
    xTicks = x.ticks(about: max(2, Int(frame.width / 62)))
  }

  /// The point of two values; nil where one cannot be shown.
  func point(_ across: Double, _ up: Double) -> Point? {
    guard let h = x.place(across), let v = y.place(up) else { return nil }
    // Far points are pulled in, as drawing libraries count in fixed point.
    return Point(
      frame.x + max(-50, min(50, h)) * frame.width,
      frame.bottom - max(-50, min(50, v)) * frame.height)
  }

  private func column(_ value: Double) -> Double? {
    x.place(value).map { frame.x + $0 * frame.width }
  }
  private func row(_ value: Double) -> Double? {
    y.place(value).map { frame.bottom - $0 * frame.height }
  }

  func drawFrame() {
    let light = Stroke(.grid, width: 0.6)
    if plot.x.categories == nil {
      for tick in xTicks.major {
        guard let at = column(tick.value) else { continue }
        canvas.line([Point(at, frame.y), Point(at, frame.bottom)], light)
      }
    }
    for tick in yTicks.major {
      guard let at = row(tick.value) else { continue }
      canvas.line([Point(frame.x, at), Point(frame.right, at)], light)
    }
    drawTicks()
    canvas.stroke(frame, Stroke(.ink, width: 0.8))
    drawLabels()
  }

  private func drawTicks() {
    let dark = Stroke(.ink, width: 0.8)
    let style = TextStyle(size: PlotLayout.tickSize)
    let marks = plot.x.categories == nil ? 3.5 : 0
    for tick in xTicks.major {
      guard let at = column(tick.value) else { continue }
      canvas.line([Point(at, frame.bottom), Point(at, frame.bottom + marks)], dark)
      canvas.text(
        tick.label, at: Point(at, frame.bottom + 5),
        style.placed(.centre, .top))
    }
    for value in xTicks.minor {
      guard let at = column(value) else { continue }
      canvas.line([Point(at, frame.bottom), Point(at, frame.bottom + 2)], dark)
    }
    for tick in yTicks.major {
      guard let at = row(tick.value) else { continue }
      canvas.line([Point(frame.x - 3.5, at), Point(frame.x, at)], dark)
      canvas.text(tick.label, at: Point(frame.x - 6, at), style.placed(.right, .middle))
    }
    for value in yTicks.minor {
      guard let at = row(value) else { continue }
      canvas.line([Point(frame.x - 2, at), Point(frame.x, at)], dark)
    }
    if plot.reciprocal != nil { drawReciprocal(dark, style) }
  }

  /// Labels of the upper scale stand over the ticks of the lower one.
  private func drawReciprocal(_ dark: Stroke, _ style: TextStyle) {
    for tick in xTicks.major where tick.value > 0 {
      guard let at = column(tick.value) else { continue }
      canvas.line([Point(at, frame.y - 3.5), Point(at, frame.y)], dark)
      canvas.text(
        NumberText.general(1 / tick.value, 3), at: Point(at, frame.y - 5),
        style.placed(.centre, .baseline))
    }
  }

  private func drawLabels() {
    let style = TextStyle(size: PlotLayout.labelSize)
    canvas.text(
      plot.x.label, at: Point(frame.middle.x, sheet.bottom - 6), style.placed(.centre, .bottom))
    var upward = style.placed(.centre, .top)
    upward.upward = true
    canvas.text(plot.y.label, at: Point(sheet.x + 5, frame.middle.y), upward)
    if let reciprocal = plot.reciprocal {
      canvas.text(
        reciprocal.label, at: Point(frame.middle.x, frame.y - 19), style.placed(.centre, .baseline))
    }
    if !plot.title.isEmpty {
      canvas.text(
        plot.title, at: Point(frame.middle.x, sheet.y + 8),
        TextStyle(size: PlotLayout.titleSize, bold: true, .centre, .top))
    }
    drawExponents()
  }

  /// `×10⁵` at an axis's end, where its labels leave that out.
  private func drawExponents() {
    let style = TextStyle(size: PlotLayout.tickSize)
    if yTicks.exponent != 0 {
      canvas.text(
        "×10" + NumberText.superscript(yTicks.exponent), at: Point(frame.x, frame.y - 4),
        style.placed(.left, .baseline))
    }
    if xTicks.exponent != 0 {
      canvas.text(
        "×10" + NumberText.superscript(xTicks.exponent), at: Point(frame.right, frame.bottom + 17),
        style.placed(.right, .top))
    }
  }

  func drawRules() {
    for rule in plot.rules {
      let stroke = Stroke(.faded, width: 0.9, dash: .dashed)
      let style = TextStyle(size: 8, color: .faded)
      switch rule.direction {
      case .horizontal:
        guard let at = row(rule.at), (frame.y...frame.bottom).contains(at) else { continue }
        canvas.line([Point(frame.x, at), Point(frame.right, at)], stroke)
        canvas.text(
          rule.label, at: Point(frame.right - 4, at - 3), style.placed(.right, .baseline))
      case .vertical:
        guard let at = column(rule.at), (frame.x...frame.right).contains(at) else { continue }
        canvas.line([Point(at, frame.y), Point(at, frame.bottom)], stroke)
        canvas.text(rule.label, at: Point(at + 3, frame.y + 4), style.placed(.left, .top))
      }
    }
  }
}

extension TextStyle {
  /// The same letters, put elsewhere.
  func placed(_ horizontal: Horizontal, _ vertical: Vertical) -> TextStyle {
    var copy = self
    copy.horizontal = horizontal
    copy.vertical = vertical
    return copy
  }
}
