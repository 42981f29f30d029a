import TensorEngine

/// A comparison of pictures: a row of pictures, a row of details, a row of differences.
struct ComparedPictures: Sendable {
  let titles: [(name: String, caption: String)]
  let planes: [Plane]
  let window: Window
  let map: Colormap
  let region: PictureRegion?
  /// Differences to the reference; nil for the reference itself and where none is drawn.
  let differences: [Plane?]
  let differenceWindow: Window
  let reference: Int?

  init(_ panels: [ComparisonFigure.Panel], _ reference: Int?, _ options: ComparisonFigure.Options)
    throws
  {
    titles = panels.map { ($0.name, $0.caption) }
    let planes = try panels.map { try Plane(of: $0.image, at: options.index) }
    self.planes = planes
    self.reference = reference
    map = options.colormap
    // The reference sets the contrast: the noise of the others would flatten it.
    let leading = reference.map { planes[$0] } ?? planes[0]
    let shown = reference == nil ? planes.flatMap(\.values) : leading.values
    window = try options.contrast.window(of: shown, stored: leading.stored)
    region = try ComparedPictures.region(of: leading, options)
    let pairs: [Plane?] = planes.indices.map { i in
      guard options.difference, let reference, i != reference else { return nil }
      return planes[i].minus(planes[reference])
    }
    differences = pairs
    differenceWindow = ComparedPictures.symmetric(pairs.compactMap { $0 })
  }

  private static func region(of plane: Plane, _ options: ComparisonFigure.Options) throws
    -> PictureRegion?
  {
    guard options.detail else { return nil }
    if let region = options.region {
      try region.checked(width: plane.width, height: plane.height)
      return region
    }
    guard plane.width >= 32, plane.height >= 32 else { return nil }
    return PictureRegion.mostStructure(
      in: plane, width: (plane.width + 3) / 4, height: (plane.height + 3) / 4)
  }

  /// A range around 0 for all panels: the geometric mean of what each needs to hold all but its
  /// largest hundredth, so that the noisy input does not make the others' differences vanish.
  private static func symmetric(_ differences: [Plane]) -> Window {
    let reaches = differences.compactMap { Percentile.of($0.values.map(abs), [99])?[0] }
      .filter { $0 > 0 }
    guard !reaches.isEmpty else { return Window(low: -1, high: 1) }
    let logarithms = reaches.map(Double.log10).reduce(0, +)
    let reach = Double.exp10(logarithms / Double(reaches.count))
    let step = Decade.power(Decade.exponent(of: reach) - 1)
    let round = (reach / step).rounded(.up) * step
    return Window(low: -round, high: round)
  }

  func encoded(as kind: PictureKind) throws -> [UInt8] {
    let layout = ComparisonLayout(self)
    let canvas = try Canvas(
      width: layout.width, height: layout.height, kind: kind, scale: ComparisonLayout.scale)
    for i in planes.indices { try draw(i, layout, canvas) }
    if let top = layout.detailTop {
      layout.rowName("detail ×\(layout.magnification)", at: top, canvas)
    }
    if let top = layout.differenceTop, let reference {
      layout.rowName("difference", at: top, canvas)
      let cell = layout.cell(reference, top: top)
      let bar = Rect(
        x: cell.x + 4, y: cell.y + 4, width: cell.width - 4, height: cell.height - 8)
      try ColorBar(
        map: .difference, window: differenceWindow, label: "difference to \(titles[reference].name)"
      )
      .draw(on: canvas, in: bar)
    }
    return try canvas.finished()
  }

  private func draw(_ i: Int, _ layout: ComparisonLayout, _ canvas: Canvas) throws {
    layout.title(titles[i].name, titles[i].caption, i, canvas)
    let picture = planes[i].raster(window, map)
    let cell = layout.cell(i, top: layout.pictureTop)
    try canvas.picture(layout.fitted(picture), in: cell)
    if let region, let top = layout.detailTop {
      canvas.stroke(layout.outline(region, in: cell), Stroke(.mark, width: 1.2))
      let below = layout.cell(i, top: top)
      let part = picture.cropped(
        column: region.column, row: region.row, width: region.width, height: region.height)
      let (detail, place) = layout.enlarged(part, in: below)
      try canvas.clipped(to: below) { try canvas.picture(detail, in: place) }
      canvas.stroke(below.inset(by: 0.6), Stroke(.mark, width: 1.2))
    }
    if let difference = differences[i], let top = layout.differenceTop {
      let below = layout.cell(i, top: top)
      try canvas.picture(
        layout.fitted(difference.raster(differenceWindow, .difference)), in: below)
      canvas.stroke(below.inset(by: 0.25), Stroke(Color(hex: 0xbbbbbb), width: 0.5))
    }
  }
}

extension Plane {
  /// The differences to another plane of the same size; of colours, their mean.
  func minus(_ other: Plane) -> Plane {
    let area = width * height
    let differences = zip(values, other.values).map { $0 - $1 }
    guard channels > 1 else { return with(differences, channels: 1) }
    let means = (0..<area).map { i in
      (0..<channels).reduce(Float(0)) { $0 + differences[i + $1 * area] } / Float(channels)
    }
    return with(means, channels: 1)
  }
}
