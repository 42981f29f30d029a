import Denoise
import Lang
import TensorEngine

// Filters in Fourier space: what they have in common, and the three of them.

extension FrequencyFilter.Shape: Choice {}
extension FrequencyFilter.Measure: Choice {}

enum FilterHelp {
  static let details = """
    Cutoffs are frequencies in 1/unit of the voxel size (cycles a pixel where that is not known: \
    0.5 is the finest), with `by=resolution` lengths in that unit, with `by=nyquist` shares of the \
    Nyquist frequency. At a cutoff half the power is left, but for `shape=sharp`. The image is taken \
    to go on periodically; samples and channels are filtered on their own.
    """
}

struct LowpassCommand: Command {
  static let name = "lowpass"
  static let summary = "takes fine detail away"
  static let details = FilterHelp.details
  static let group = "Shaping"
  static let examples = [
    Example("smooth = lowpass noisy 0.1"), Example("coarse = lowpass vol 40 by=resolution"),
  ]

  @Argument("image") var image: Image
  @Argument("what lies above it is taken away", in: 0...) var cutoff: Double
  @Option("what the cutoff is") var by: FrequencyFilter.Measure = .frequency
  @Option("how the gain falls") var shape: FrequencyFilter.Shape = .butterworth
  @Option("steepness of the Butterworth filter", in: 1...64) var order = 4

  func run(in context: Context) throws -> Value {
    let filter = try FrequencyFilter(high: cutoff, measure: by, shape: shape, order: order)
    return .image(try filter.applied(to: image))
  }
}

struct HighpassCommand: Command {
  static let name = "highpass"
  static let summary = "takes slow changes and the mean away"
  static let details = FilterHelp.details
  static let group = "Shaping"
  static let examples = [Example("level = highpass noisy 0.02")]

  @Argument("image") var image: Image
  @Argument("what lies below it is taken away", in: 0...) var cutoff: Double
  @Option("what the cutoff is") var by: FrequencyFilter.Measure = .frequency
  @Option("how the gain falls") var shape: FrequencyFilter.Shape = .butterworth
  @Option("steepness of the Butterworth filter", in: 1...64) var order = 4

  func run(in context: Context) throws -> Value {
    let filter = try FrequencyFilter(low: cutoff, measure: by, shape: shape, order: order)
    return .image(try filter.applied(to: image))
  }
}

struct BandpassCommand: Command {
  static let name = "bandpass"
  static let summary = "keeps a band of frequencies"
  static let details = FilterHelp.details
  static let group = "Shaping"
  static let examples = [
    Example("band = bandpass noisy 0.05 0.2"),
    Example("band = bandpass vol 200 40 by=resolution"),
  ]

  @Argument("image") var image: Image
  @Argument("coarse end of the band", in: 0...) var low: Double
  @Argument("fine end of the band", in: 0...) var high: Double
  @Option("what the cutoffs are") var by: FrequencyFilter.Measure = .frequency
  @Option("how the gain falls") var shape: FrequencyFilter.Shape = .butterworth
  @Option("steepness of the Butterworth filter", in: 1...64) var order = 4

  func run(in context: Context) throws -> Value {
    let filter = try FrequencyFilter(
      low: low, high: high, measure: by, shape: shape, order: order)
    return .image(try filter.applied(to: image))
  }
}
