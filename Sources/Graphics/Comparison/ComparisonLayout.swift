/// Where the cells of a comparison lie, in points.
struct ComparisonLayout {
  /// Pixels a point.
  static let scale = 3.0
  private static let margin = 8.0
  private static let gap = 5.0
  private static let names = 15.0

  let width: Double
  let height: Double
  /// Upper edges of the rows.
  let pictureTop: Double
  let detailTop: Double?
  let differenceTop: Double?
  /// How many times the detail is larger than the picture above it.
  let magnification: Int
  /// Pixels of the sheet that show one pixel of the image; 1 where a large image is reduced.
  private let factor: Int
  private let cellWidth: Double
  private let cellHeight: Double
  private let imageWidth: Int

  init(_ pictures: ComparedPictures) {
    let plane = pictures.planes[0]
    imageWidth = plane.width
    let longest = max(plane.width, plane.height)
    factor = max(1, Int((400 / Double(longest)).rounded(.up)))
    let reduction = min(1, 720 / Double(longest))
    let pixelWidth = max(1, (Double(plane.width * factor) * reduction).rounded())
    let pixelHeight = max(1, (Double(plane.height * factor) * reduction).rounded())
    cellWidth = pixelWidth / ComparisonLayout.scale
    cellHeight = pixelHeight / ComparisonLayout.scale
    let region = pictures.region
    magnification =
      region.map { max(1, Int((Double(plane.width) / Double($0.width)).rounded())) } ?? 1
    let margin = ComparisonLayout.margin
    let gap = ComparisonLayout.gap
    let captioned = pictures.titles.contains { !$0.caption.isEmpty }
    pictureTop = margin + (captioned ? 28 : 16)
    var bottom = pictureTop + cellHeight
    detailTop = region == nil ? nil : bottom + gap
    if region != nil { bottom += gap + cellHeight }
    let differs = pictures.differences.contains { $0 != nil }
    differenceTop = differs ? bottom + gap : nil
    if differs { bottom += gap + cellHeight }
    height = bottom + margin
    let count = Double(pictures.planes.count)
    // The colour bar stands in the reference's cell, which may be narrower than its numbers.
    let spill = pictures.reference == pictures.planes.count - 1 ? max(0, 52 - cellWidth) : 0
    width =
      margin + ComparisonLayout.names + count * cellWidth + (count - 1) * gap + margin + spill
  }

  /// The cell of a panel in the row that begins at `top`.
  func cell(_ panel: Int, top: Double) -> Rect {
    let step = cellWidth + ComparisonLayout.gap
    return Rect(
      x: ComparisonLayout.margin + ComparisonLayout.names + Double(panel) * step, y: top,
      width: cellWidth, height: cellHeight)
  }

  /// A picture at the pixels of its cell, so that no viewer has to smooth it: averaged where it is
  /// larger, its pixels repeated where it is smaller.
  func fitted(_ picture: Raster) -> Raster {
    let columns = Int((cellWidth * ComparisonLayout.scale).rounded())
    guard columns < picture.width else { return picture.enlarged(factor) }
    return picture.resampled(
      width: columns, height: Int((cellHeight * ComparisonLayout.scale).rounded()))
  }

  /// Points of the sheet a pixel of the image.
  private var pitch: Double { cellWidth / Double(imageWidth) }

  /// The frame around a region of the picture in a cell.
  func outline(_ region: PictureRegion, in cell: Rect) -> Rect {
    Rect(
      x: cell.x + Double(region.column) * pitch, y: cell.y + Double(region.row) * pitch,
      width: Double(region.width) * pitch, height: Double(region.height) * pitch)
  }

  /// A detail made to cover its cell, all its pixels of one whole size; it may hang out of the cell
  /// by a part of a pixel.
  func enlarged(_ detail: Raster, in cell: Rect) -> (picture: Raster, place: Rect) {
    let needed = max(cell.width / Double(detail.width), cell.height / Double(detail.height))
    let whole = max(1, (needed * ComparisonLayout.scale - 1e-6).rounded(.up))
    let picture = detail.enlarged(Int(whole))
    let place = Rect(
      x: cell.x, y: cell.y, width: Double(picture.width) / ComparisonLayout.scale,
      height: Double(picture.height) / ComparisonLayout.scale)
    return (picture, place)
  }

  /// Name and caption over a panel, made smaller where they are wider than it.
  func title(_ name: String, _ caption: String, _ panel: Int, _ canvas: Canvas) {
    let cell = cell(panel, top: pictureTop)
    func put(_ text: String, _ size: Double, bold: Bool, above: Double, _ color: Color) {
      let needed = canvas.measure(text, size: size, bold: bold).width
      let fitting = needed > cell.width ? max(5, size * cell.width / needed) : size
      canvas.text(
        text, at: Point(cell.middle.x, cell.y - above),
        TextStyle(size: fitting, bold: bold, color: color, .centre, .baseline))
    }
    let captioned = pictureTop > ComparisonLayout.margin + 20
    put(name, 10, bold: true, above: captioned ? 17 : 5, .ink)
    put(caption, 8.5, bold: false, above: 5, .faded)
  }

  func rowName(_ name: String, at top: Double, _ canvas: Canvas) {
    canvas.text(
      name, at: Point(ComparisonLayout.margin - 1, top + cellHeight / 2),
      TextStyle(size: 8.5, color: .faded, .centre, .top, upward: true))
  }
}
