import Graphics
import Lang
import TensorEngine

struct ShowCommand: Command {
  static let name = "show"
  static let summary = "draws an image in the terminal"
  static let details = """
    As pixels where the terminal takes pictures (kitty, iTerm2, sixel), else in half blocks of \
    colour, else in letters. A signal is drawn as a curve; `slice` writes files.
    """
  static let group = "Pictures"
  static let examples = [Example("show noisy"), Example("show vol view=ortho width=60")]

  @Argument("image") var image: Image
  @Option("index along z, negative from the end") var z: Int?
  @Option("index along y") var y: Int?
  @Option("index along x") var x: Int?
  @Option("index of the sample") var s: Int?
  @Option("index of the time point") var t: Int?
  @Option("index of the channel") var c: Int?
  @Option("what is shown") var view: SliceOptions.View = .plane
  @Option("values drawn black and white: `[lo, hi]`") var range: [Double]?
  @Option("percentiles drawn black and white: `[1, 99]`") var percentile: [Double]?
  @Option("colour map") var cmap: ColormapName = .gray
  @Option("letters in a line; as the terminal has them where none is given", in: 4...400)
  var width: Int?

  func run(in context: Context) throws -> Value {
    let screen = context.screen
    screen.measure(screen)
    let columns = width ?? max(4, min(400, screen.columns))
    if image.tensor.rank == 1 {
      let plot = try PlotSource(values: [.image(image)], names: [""]).plot()
      context.show(
        try TextPlot(plot, columns: columns, color: screen.colors != .none).drawn(), as: .svg
      ) { try plot.encoded(as: .svg) }
      return .none
    }
    var options = SliceOptions()
    for (letter, index) in [("z", z), ("y", y), ("x", x), ("s", s), ("t", t), ("c", c)] {
      if let index { options.index[Character(letter)] = index }
    }
    options.view = view
    options.contrast = try Contrast.chosen(range: range, percentile: percentile)
    options.colormap = try Colormap(named: cmap.name)
    let picture = try Slice(of: image, options).raster
    let rows = max(8, min(200, screen.rows - 2))
    context.show(try drawn(picture, columns, rows, screen), as: .png) {
      try picture.fitted(width: 512, height: 512).png()
    }
    return .none
  }

  private func drawn(
    _ picture: Raster, _ columns: Int, _ rows: Int, _ screen: Screen
  ) throws -> String {
    let pixels = picture.fitted(
      width: columns * screen.cell.width, height: rows * screen.cell.height)
    return switch screen.pictures {
    case .text:
      TextPicture.drawn(picture, columns: columns, rows: rows, depth: screen.depth)
    case .kitty: InlinePicture.kitty(pixels)
    case .iterm: try InlinePicture.iTerm2(pixels)
    case .sixel: Sixel.encoded(pixels)
    }
  }
}

extension Raster {
  /// As large as fits into a frame: enlarged by a whole factor, or made smaller.
  fileprivate func fitted(width most: Int, height highest: Int) -> Raster {
    let factor = min(most / width, highest / height)
    if factor >= 1 { return enlarged(min(factor, 16)) }
    let scale = min(Double(most) / Double(width), Double(highest) / Double(height))
    return resampled(
      width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
  }
}
