import Denoise
import Lang
import TensorEngine

struct NoiseCorrelationCommand: Command {
  static let name = "noise_correlation"
  static let summary = "how much of their noise neighbours share, without truth"
  static let details = """
    A table of the noise's autocorrelation by distance, a column for each axis, from the blocks that \
    vary least among those of alike brightness. Of white noise all but the first row are near 0. \
    `.shared` says whether what neighbours share is too much for chance, and so whether `auto` counts \
    on it; `.sigma` is the noise's standard deviation. Textures that cover all of an image count as \
    noise, and of signals nothing is counted on.
    """
  static let group = "Measures"
  static let examples = [
    Example("noise_correlation noisy"),
    Example("denoise noisy bm3d_filter(correlation=noise_correlation(noisy).x[1])"),
  ]

  @Argument("noisy image") var image: Image

  func run(in context: Context) throws -> Value {
    guard let found = try SteadyNoise(of: [image]) else {
      throw LangError(
        "an image of \(image.shape.asShape) is too small, or too even, to tell",
        hint: "pictures need a few dozen blocks of 16 x 16, volumes of 8 x 8 x 8",
        argument: "image")
    }
    let letters = Array(image.axes)
    return .table(
      try Table(
        correlations: found.correlation.coefficients.map { [1] + $0 },
        axes: String(image.spatialDimensions.map { letters[$0] }),
        extras: ["shared": .bool(found.isShared), "sigma": .number(found.deviation)]))
  }
}

extension Table {
  /// Coefficients of correlation by distance, from 0 on, a column for each axis.
  init(correlations: [[Double]], axes: String, extras: Record) throws {
    let columns = zip(axes.lowercased(), correlations).map { axis, coefficients in
      (String(axis), coefficients.map(Value.number))
    }
    try self.init(
      columns: [("distance", (0..<(correlations.first?.count ?? 0)).map(Value.int))] + columns,
      extras: extras)
  }
}
