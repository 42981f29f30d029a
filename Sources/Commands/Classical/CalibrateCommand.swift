import Denoise
import Lang
import TensorEngine

struct CalibrateCommand: Command {
  static let name = "calibrate"
  static let summary = "chooses a denoiser's parameters without truth, by J-invariance"
  static let details =
    """
    The denoiser runs on the image with one pixel of each cell of a grid replaced by what its \
    neighbours say, as noisy as it was (in a matrix: with entries at random replaced by their \
    column's mean). Its error there, against what it has not seen, picks the parameters (Batson and \
    Royer 2019). Where neighbours share their noise (`noise_correlation`) nothing is hidden, and \
    Stein's estimate of the error picks them. Several ranges make all combinations. Gives back a \
    record: `.denoiser` with the best values, `.table` of all that were tried, which `plot` draws, \
    `.image` denoised with the best.
    """ + "\n\n" + StabilizeOption.details
  static let group = "Denoisers"
  static let examples = [
    Example("best = calibrate noisy median_filter(radius=1..4)"),
    Example("best = calibrate noisy gaussian_filter(sigma=0.5..3 step 0.5) rounds=2"),
    Example("best = calibrate noisy bm3d_filter(sigma=0.8..1.4 step 0.2) stabilize=true"),
  ]

  @Argument("noisy image") var image: Image
  @Argument("denoiser with ranges") var denoiser: DenoiserValue
  @Option("side of the cells of which one pixel is hidden", in: 2...64) var width = 4
  @Option("sets of hidden pixels; more for a small image where none is given", in: 1...64)
  var rounds: Int?
  @Option(StabilizeOption.help) var stabilize = false

  func run(in context: Context) throws -> Value {
    guard !denoiser.trials.isEmpty else {
      throw LangError(
        "\(denoiser.display) has nothing to choose from",
        hint: "give a range: `median_filter(radius=1..5)`", argument: "denoiser")
    }
    let ranges = denoiser.trials.map { Calibration.Range($0.parameter, $0.setting.numbers) }
    let total = ranges.map(\.values.count).reduce(1.0) { $0 * Double($1) }
    let progress = context.progress
    let clock = ContinuousClock()
    let start = clock.now
    defer { progress.finish() }
    let scale = try stabilize ? VarianceStabilization(of: image) : nil
    let result = try Calibration(
      of: denoiser.denoiser, on: scale?.applied(to: image) ?? image, over: ranges, width: width,
      rounds: rounds
    ) { done in
      progress.show(
        ProgressUpdate(
          task: "calibrate", done: Double(done) / total,
          seconds: start.duration(to: clock.now).seconds, rate: (Double(done), "trial")))
    }
    return .record([
      "denoiser": .host(DenoiserValue(denoiser: result.denoiser)),
      "table": .table(try table(result)),
      "image": .image(try scale?.undone(on: result.image) ?? result.image),
    ])
  }

  private func table(_ result: Calibration) throws -> Table {
    let columns = result.parameters.indices.map { index in
      (result.parameters[index], result.trials.map { Value.number($0.values[index]) })
    }
    return try Table(columns: columns + [("loss", result.trials.map { .number($0.loss) })])
  }
}
