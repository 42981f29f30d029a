import Denoise
import Lang
import TensorEngine

extension ErrorNormalization: Choice {}

struct NRMSECommand: Command {
  static let name = "nrmse"
  static let summary = "root mean squared error over a scale of the truth"
  static let group = "Measures"

  @Argument("image to judge") var image: Image
  @Argument("the truth") var truth: Image
  @Option("the scale") var by: ErrorNormalization = .euclidean

  func run(in context: Context) throws -> Value {
    .number(try Metrics.nrmse(image.tensor, truth: truth.tensor, by: by))
  }
}

struct SNRCommand: Command {
  static let name = "snr"
  static let summary = "signal-to-noise ratio, in dB"
  static let group = "Measures"

  @Argument("image to judge") var image: Image
  @Argument("the truth") var truth: Image

  func run(in context: Context) throws -> Value {
    .number(try Metrics.snr(image.tensor, truth: truth.tensor))
  }
}

struct XcorrCommand: Command {
  static let name = "xcorr"
  static let summary = "normalised cross-correlation of two images: 1 for alike"
  static let group = "Measures"

  @Argument("one image") var a: Image
  @Argument("the other") var b: Image

  func run(in context: Context) throws -> Value {
    .number(try Metrics.xcorr(a.tensor, b.tensor))
  }
}

struct NoiseLevelCommand: Command {
  static let name = "noise_level"
  static let summary = "estimate of the standard deviation of white noise, without truth"
  static let details = "From the finest diagonal wavelet coefficients (Donoho and Johnstone 1994)."
  static let group = "Measures"

  @Argument("noisy image") var image: Image

  func run(in context: Context) throws -> Value { .number(try Metrics.noiseLevel(of: image)) }
}

struct StatsCommand: Command {
  static let name = "stats"
  static let summary = "count, range, mean, median and spread of an image's values"
  static let group = "Measures"

  @Argument("image or file name") var image: SourceArgument

  func run(in context: Context) throws -> Value {
    let source = try image.source()
    let stats =
      try (source as? Image).map { try ImageStatistics(of: $0.tensor) }
      ?? ImageStatistics(of: source)
    return .record([
      "count": .int(stats.count), "invalid": .int(stats.invalid), "min": .number(stats.min),
      "max": .number(stats.max), "mean": .number(stats.mean), "median": .number(stats.median),
      "std": .number(stats.std), "rms": .number(stats.rms),
    ])
  }
}

struct HistogramCommand: Command {
  static let name = "histogram"
  static let summary = "how often values occur, as a table"
  static let group = "Measures"

  @Argument("image") var image: Image
  @Option("bins", in: 1...1_000_000) var bins = 64

  func run(in context: Context) throws -> Value {
    let histogram = try Denoise.Histogram(of: image.tensor, bins: bins)
    return .table(
      try Table(columns: [
        ("from", histogram.edges.dropLast().map(Value.number)),
        ("to", histogram.edges.dropFirst().map(Value.number)),
        ("count", histogram.counts.map(Value.int)),
      ]))
  }
}
