import Graphics
import Lang
import TensorEngine

extension SliceOptions.View: Choice {}

struct SliceCommand: Command {
  static let name = "slice"
  static let summary = "a PNG of one slice, an orthogonal triple or a montage"
  static let group = "Pictures"
  static let examples = [
    Example("slice vol z=64 to=\"slice.png\""),
    Example("slice vol view=ortho bar=true to=\"ortho.png\""),
  ]

  @Argument("image or file name") var image: SourceArgument
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
  @Option("pixels a voxel", in: 1...64) var scale = 1
  @Option("a scale bar from the voxel size") var bar = false
  @Option("a line of text in the corner") var label: String?
  @Option("8, or 16 for exact grey values") var bits = 8
  @Option("file to write to; `slice.png` where none is given") var to = "slice.png"

  func run(in context: Context) throws -> Value {
    var options = SliceOptions()
    for (letter, index) in [("z", z), ("y", y), ("x", x), ("s", s), ("t", t), ("c", c)] {
      if let index { options.index[Character(letter)] = index }
    }
    options.view = view
    options.contrast = try Contrast.chosen(range: range, percentile: percentile)
    options.colormap = try Colormap(named: cmap.name)
    (options.scale, options.bar, options.label, options.bits) = (scale, bar, label, bits)
    try context.write(Slice(of: image.source(), options), to: to, label: label ?? "")
    return .none
  }
}

extension Contrast {
  /// The contrast that a command's options ask for.
  static func chosen(range: [Double]?, percentile: [Double]?) throws -> Contrast {
    if let range {
      guard range.count == 2, range[0] < range[1] else {
        throw LangError("`range` takes `[lo, hi]` with lo below hi", argument: "range")
      }
      return .range(range[0], range[1])
    }
    if let percentile {
      guard percentile.count == 2, percentile[0] < percentile[1], percentile[0] >= 0,
        percentile[1] <= 100
      else {
        throw LangError(
          "`percentile` takes two rising numbers from 0 to 100, such as `[1, 99]`",
          argument: "percentile")
      }
      return .percentile(percentile[0], percentile[1])
    }
    return .automatic
  }
}

/// A colour map's name.
struct ColormapName: Bindable {
  static let typeName = "one of " + Colormap.names.joined(separator: ", ")
  static let choices = Colormap.names
  static let gray = ColormapName(name: "gray")
  let name: String

  static func bind(_ value: Value) -> ColormapName? {
    value.asString.flatMap { Colormap.names.contains($0) ? ColormapName(name: $0) : nil }
  }
  var value: Value { .string(name) }
}
