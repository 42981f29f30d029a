import Graphics
import Lang
import TensorEngine

struct PlotCommand: Command {
  static let name = "plot"
  static let summary = "a chart of what a value holds: in the terminal, or as PNG or SVG"
  static let details = """
    A trained model or its history: loss curves. A list of numbers: a curve; a signal: a profile. An \
    image: the histogram of its values, with `kind=spectrum` its radial power spectrum, with \
    `kind=guinier` the logarithm of its amplitudes over the squared frequency. The tables \
    of `fsc` and `histogram`: as the field draws them. Any other table: its columns of numbers over \
    the first column, or over `x=`, with `by=` a curve for each value of another column; names in the \
    first column make bars. Several values of one kind \
    share a chart.
    """
  static let group = "Pictures"
  static let examples = [
    Example("plot [3, 1, 4, 1, 5]"), Example("plot noisy clean to=\"histograms.svg\""),
    Example("plot noisy kind=spectrum"), Example("plot vol kind=guinier"),
    Example("plot (fsc noisy clean) title=\"ring correlation\""),
    Example("plot (sweep a=1..3 b=1..2 { record c=a^b }) x=a y=c by=b"),
  ]

  @Rest("values", atLeast: 1) var values: [Value]
  @Option("how images are drawn") var kind: PlotKind = .auto
  @Option("column of a table along the horizontal axis") var x: Word?
  @Option("column of a table that is drawn, or a list of names") var y: Either<Word, [String]>?
  @Option("column of a table whose values make a curve each") var by: Word?
  @Option("names of the curves") var labels: [String]?
  @Option("title") var title = ""
  @Option("logarithmic vertical axis") var log = false
  @Option("bins of a histogram", in: 1...100_000) var bins: Int?
  @Option("letters in a line, in the terminal", in: 30...400) var width: Int?
  @Option("file to write to: .png or .svg") var to: String?

  func run(in context: Context) throws -> Value {
    var source = PlotSource(values: values, names: try names(context))
    source.kind = kind
    source.across = x?.text
    source.up =
      switch y {
      case .first(let name)?: [name.text]
      case .second(let names)?: names
      case nil: nil
      }
    source.bins = bins
    source.by = by?.text
    var plot = try source.plot()
    plot.title = title
    if log { plot.y.scale = .log }
    if let to {
      try context.write(plot, to: to, label: title)
    } else {
      let screen = context.screen
      let text = TextPlot(
        plot, columns: width ?? max(30, min(100, screen.columns)), color: screen.colors != .none)
      let drawn = plot
      context.show(try text.drawn(), label: title, as: .svg) { try drawn.encoded(as: .svg) }
    }
    return .none
  }

  /// Names given, or those of variables.
  private func names(_ context: Context) throws -> [String] {
    if let labels {
      guard labels.count == values.count else {
        throw LangError("\(labels.count) labels for \(values.count) values", argument: "labels")
      }
      return labels
    }
    guard values.count > 1 else { return [""] }
    let written = context.given["values"] ?? []
    return values.indices.map { index in
      index < written.count && written[index].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        ? written[index] : "\(index + 1)"
    }
  }
}

/// `kind=`.
enum PlotKind: String, Choice { case auto, histogram, profile, spectrum, guinier }
