import Graphics
import Lang
import TensorEngine

struct FilmCommand: Command {
  static let name = "film"
  static let summary = "the slices of a volume one after another, as an animated PNG or as frames"
  static let details = """
    An animated PNG plays in browsers and picture viewers, and shows its first slice elsewhere. A \
    name with `#` in it writes a PNG each: `film vol to="z###.png"` writes z000.png, z001.png and so \
    on.
    """
  static let group = "Pictures"
  static let examples = [
    Example("film vol step=4 to=\"film.png\""),
    Example("film vol axis=y step=16 to=\"y###.png\" bar=true"),
  ]

  @Argument("volume or stack") var image: Image
  @Option("axis it runs along; z where there is one, else the samples") var axis: FrameAxis?
  @Option("slices from picture to picture", in: 1...) var step = 1
  @Option("pictures a second", in: 0.02...100) var fps: Double = 10
  @Option("values drawn black and white: `[lo, hi]`") var range: [Double]?
  @Option("percentiles drawn black and white: `[1, 99]`") var percentile: [Double]?
  @Option("colour map") var cmap: ColormapName = .gray
  @Option("pixels a voxel", in: 1...64) var scale = 1
  @Option("a scale bar from the voxel size") var bar = false
  @Option("a line of text in the corner, in the place of the slice's number") var label: String?
  @Option("file to write to: .png; with # for the number, one for each slice") var to = "film.png"

  func run(in context: Context) throws -> Value {
    let letter = axis?.letter ?? "ZST".first { image.axes.contains($0) } ?? "Z"
    var options = SliceOptions()
    options.contrast = try Contrast.chosen(range: range, percentile: percentile)
    options.colormap = try Colormap(named: cmap.name)
    (options.scale, options.bar, options.label) = (scale, bar, label)
    guard try PictureKind(path: to) == .png else {
      throw LangError("a film is written as .png", argument: "to")
    }
    let film = try Film(
      of: image, axis: Character(letter.lowercased()), step: step, options: options)
    guard to.contains("#") else {
      let bytes = try film.animated(seconds: 1 / fps)
      context.transcript.add(Transcript.Picture(.png, bytes, label: label ?? ""))
      guard context.writesFiles else { return .none }
      try PictureFile.replace(to, with: bytes)
      context.note("wrote \(to), \(film.indices.count) pictures")
      return .none
    }
    guard context.writesFiles else { return .none }
    for index in film.indices { try PictureFile.replace(numbered(index), with: film.frame(index)) }
    context.note("wrote \(film.indices.count) pictures, the first is \(numbered(film.indices[0]))")
    return .none
  }

  /// The name with a plane's number in the place of the marks, padded to as many digits.
  private func numbered(_ index: Int) -> String {
    guard let first = to.firstIndex(of: "#") else { return to }
    let marks = to[first...].prefix { $0 == "#" }
    let digits = String(index)
    let padded = String(repeating: "0", count: max(0, marks.count - digits.count)) + digits
    return to.replacingCharacters(in: marks, with: padded)
  }
}

extension String {
  fileprivate func replacingCharacters(in part: Substring, with text: String) -> String {
    String(self[..<part.startIndex]) + text + String(self[part.endIndex...])
  }
}
