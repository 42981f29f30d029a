import Graphics
import Lang
import TensorEngine

struct ShowCommand: Command {
  static let name = "show"
  static let summary = "draws an image in the terminal"
  static let details = """
    In colour where the terminal has it, else in letters. A signal is drawn as a curve; `slice` \
    writes files.
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
    let columns = width ?? max(4, min(400, screen.columns))
    if image.tensor.rank == 1 {
      let plot = try PlotSource(values: [.image(image)], names: [""]).plot()
      printLines(
        try TextPlot(plot, columns: columns, color: screen.colors != .none).drawn(), context)
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
    printLines(
      TextPicture.drawn(
        picture, columns: columns, rows: max(8, min(200, screen.rows - 2)), depth: screen.depth),
      context)
    return .none
  }
}

/// Prints text that ends in a newline.
func printLines(_ text: String, _ context: Context) {
  context.print(text.last == "\n" ? String(text.dropLast()) : text)
}
