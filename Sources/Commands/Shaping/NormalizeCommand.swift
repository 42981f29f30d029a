import Denoise
import Lang
import TensorEngine

struct NormalizeCommand: Command {
  static let name = "normalize"
  static let summary = "brings intensities to a common scale, each channel on its own"
  static let details = """
    `meanstd`: mean 0, standard deviation 1. `minmax`: 0 to 1. `percentile`: the percentiles `low` \
    and `high` to 0 and 1, what lies outside is not clipped.
    """
  static let group = "Shaping"
  static let examples = [
    Example("even = normalize noisy"), Example("even = normalize vol percentile low=1 high=99"),
  ]

  @Argument("image") var image: Image
  @Argument("how") var by: NormalizeChoice = .meanstd
  @Option("lower percentile", in: 0...100) var low: Double = 1
  @Option("upper percentile", in: 0...100) var high: Double = 99.8

  func run(in context: Context) throws -> Value {
    guard by != .voxel else {
      throw LangError(
        "a single image is on its own voxel size",
        hint: "`train` brings several to one by `normalize=voxel`", argument: "by")
    }
    let method = by == .percentile ? .percentile(low: low, high: high) : by.normalization
    return .image(try image.normalized(method))
  }
}
