import TensorEngine

/// A picture of an image's grey values, one pixel a voxel: a plane, the three planes through a
/// voxel, or a montage.
///
/// Voxels are drawn as squares even where they are not, so that every value can be read off; a
/// scale bar holds along the columns.
public struct Slice: Figure, Sendable {
  public let options: SliceOptions
  /// The grey values drawn as black and as white.
  public let window: Window
  /// The planes shown; one, three (`xy`, `zy`, `xz`), or one a tile.
  public let planes: [Plane]
  let arrangement: Arrangement

  /// - Throws: `GraphicsError` where an option does not fit the image.
  public init(of image: any ImageSource, _ options: SliceOptions = SliceOptions()) throws {
    try options.checked()
    self.options = options
    let tiles: Arrangement
    switch options.view {
    case .plane:
      planes = [try Plane(of: image, at: options.index)]
      tiles = .plane(planes[0], scale: options.scale)
    case .ortho:
      (planes, tiles) = try Arrangement.ortho(image, options)
    case .montage:
      (planes, tiles) = try Arrangement.montage(image, options)
    }
    let titled = options.view != .plane && options.label != nil
    arrangement = titled ? tiles.lowered(by: SliceMarks.titleStrip(planes[0], options)) : tiles
    let shown = planes.count == 1 ? planes[0].values : planes.flatMap(\.values)
    window =
      options.bits == 16
      ? try Slice.exactWindow(options.contrast, shown, planes[0])
      : try options.contrast.window(of: shown, stored: image.stored)
    if options.bar, planes[0].spacing == nil {
      throw GraphicsError(
        "there is no voxel size for a scale bar", hint: "set the image's voxel size and unit")
    }
  }

  /// The picture as pixels, without lines, bar or labels.
  public var raster: Raster {
    var sheet = Raster(
      width: arrangement.width, height: arrangement.height, color: RGB(255, 255, 255))
    for tile in arrangement.tiles {
      let picture = planes[tile.plane].raster(window, options.colormap)
      sheet.lay(picture.enlarged(options.scale), column: tile.column, row: tile.row)
    }
    return sheet
  }

  public func encoded(as kind: PictureKind) throws -> [UInt8] {
    if options.bits == 16 {
      guard kind == .png else {
        throw GraphicsError("SVG holds no grey values of 16 bits", hint: "write a .png")
      }
      return try exactPNG()
    }
    let nothingDrawn = options.view == .plane && !options.bar && options.label == nil
    if nothingDrawn, kind == .png { return try raster.png() }
    let canvas = try Canvas(
      width: Double(arrangement.width), height: Double(arrangement.height), kind: kind)
    try canvas.picture(
      raster,
      in: Rect(
        x: 0, y: 0, width: canvas.width, height: canvas.height))
    SliceMarks(self).draw(on: canvas)
    return try canvas.finished()
  }

  /// For 16 bits, without a contrast asked for: whole-number types up to 16 bits keep their very
  /// values; others are spread from their smallest to their largest value.
  private static func exactWindow(
    _ contrast: Contrast, _ values: [Float], _ plane: Plane
  ) throws -> Window {
    guard contrast == .automatic else {
      return try contrast.window(of: values, stored: plane.stored)
    }
    if [.uint8, .uint16, .bit].contains(plane.stored) { return Window(low: 0, high: 65535) }
    return try Contrast.percentile(0, 100).window(of: values, stored: plane.stored)
  }

  /// Grey or colour words; what is no number becomes 0.
  private func exactPNG() throws -> [UInt8] {
    let plane = planes[0]
    let area = plane.width * plane.height
    let scale = options.scale
    var words: [UInt16] = []
    words.reserveCapacity(area * plane.channels * scale * scale)
    for row in 0..<plane.height * scale {
      for column in 0..<plane.width * scale {
        let i = row / scale * plane.width + column / scale
        for channel in 0..<plane.channels {
          words.append(UInt16(window.shade(plane.values[i + channel * area], top: 65535) ?? 0))
        }
      }
    }
    return try PNGFile.encoded(
      words, width: plane.width * scale, height: plane.height * scale, channels: plane.channels)
  }
}
