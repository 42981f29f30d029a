import TensorEngine

/// A comparison of signals: one line plot a panel under the same axes, with the reference in grey
/// behind it, and the differences together at the bottom.
struct ComparedSignals: Sendable {
  private let panels: [(name: String, caption: String, values: [Double])]
  private let reference: Int?
  private let spacing: Double?
  private let unit: String?
  private let difference: Bool

  init(_ panels: [ComparisonFigure.Panel], _ reference: Int?, _ options: ComparisonFigure.Options)
    throws
  {
    self.panels = try panels.map { panel in
      let line = try ComparedSignals.line(of: panel.image, at: options.index)
      return (panel.name, panel.caption, line)
    }
    self.reference = reference
    difference = options.difference
    spacing = panels[0].image.voxel?.last
    unit = panels[0].image.unit
  }

  /// The values along `X`; other axes are cut at their index, or their first.
  private static func line(of image: Image, at index: [Character: Int]) throws -> [Double] {
    guard let x = image.dimension(of: "X") else { throw GraphicsError("a signal needs an axis X") }
    let letters = Array(image.axes)
    let strides = image.tensor.strides
    var start = 0
    for dimension in letters.indices where dimension != x {
      let letter = Character(letters[dimension].lowercased())
      let size = image.shape[dimension]
      let wanted = index[letter] ?? 0
      let at = wanted < 0 ? wanted + size : wanted
      guard (0..<size).contains(at) else {
        throw GraphicsError(
          "\(letter)=\(wanted) lies outside the image, whose size along \(letter) is \(size)")
      }
      start += at * strides[dimension]
    }
    return (0..<image.shape[x]).map { Double(image.tensor.values[start + $0 * strides[x]]) }
  }

  func encoded(as kind: PictureKind) throws -> [UInt8] {
    var plots = panels.indices.map(plot)
    if difference, reference != nil, panels.count > 1 { plots.append(differences) }
    plots[plots.count - 1].x.label = Plot.profile([], spacing: spacing, unit: unit).x.label
    plots[plots.count - 1].height += 16
    return try PlotGrid(plots, columns: 1).encoded(as: kind)
  }

  /// Ends of the common axis: everything, with a little room.
  private var range: ClosedRange<Double>? {
    let all = panels.flatMap(\.values).filter(\.isFinite)
    guard let low = all.min(), let high = all.max(), high > low else { return nil }
    let room = (high - low) * 0.05
    return low - room...high + room
  }

  private func plot(_ i: Int) -> Plot {
    let panel = panels[i]
    let places = panel.values.indices.map { Double($0) * (spacing ?? 1) }
    var series = [Series("", x: places, y: panel.values, color: Color.series[0], width: 1.1)]
    if let reference, i != reference {
      let line = Series(
        "", x: places, y: panels[reference].values, color: Color(hex: 0x9a9a9a), width: 1.8)
      series.insert(line, at: 0)
    }
    let title = [panel.name, panel.caption].filter { !$0.isEmpty }.joined(separator: "   ")
    var plot = Plot(title, x: Axis(), y: Axis("", range: range), series: series)
    plot.width = 520
    plot.height = 128
    return plot
  }

  private var differences: Plot {
    guard let reference else { return plot(0) }
    let truth = panels[reference].values
    let series = panels.indices.filter { $0 != reference }.map { i in
      let values = zip(panels[i].values, truth).map { $0 - $1 }
      return Series(
        panels[i].name, x: values.indices.map { Double($0) * (spacing ?? 1) }, y: values,
        color: Color.series[i % Color.series.count], width: 1.1)
    }
    var plot = Plot("difference to \(panels[reference].name)", series: series)
    plot.legend = .above
    plot.width = 520
    plot.height = 128
    return plot
  }
}
