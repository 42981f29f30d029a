import Denoise
import Lang
import TensorEngine

struct WhitenessCommand: Command {
  static let name = "whiteness"
  static let summary = "autocorrelation of a residual, which is 0 where only noise was removed"
  static let details = """
    Gives back a table of the coefficients by distance, a column for each axis. `.largest` is the \
    largest of them by size; of white noise 95 in 100 lie within plus and minus `.bound`.
    """
  static let group = "Measures"
  static let examples = [
    Example("whiteness noisy - clean"), Example("print whiteness(noisy - clean).largest"),
  ]

  @Argument("residual: noisy minus denoised") var residual: Image
  @Option("largest distance, in pixels", in: 1...10_000) var distance = 8

  func run(in context: Context) throws -> Value {
    let result = try ResidualAutocorrelation(of: residual, distance: distance)
    return .table(
      try Table(
        correlations: result.coefficients, axes: result.axes,
        extras: ["largest": .number(result.largest), "bound": .number(result.bound)]))
  }
}
