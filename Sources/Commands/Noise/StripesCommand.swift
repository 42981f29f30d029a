import Denoise
import Lang

struct StripesCommand: Command {
  static let name = "stripes"
  static let summary = "each line along an axis offset by its own random amount"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("standard deviation of the offsets, in the image's own units", in: 0...)
  var amplitude: Double = 10
  @Option("axis along which a stripe runs") var axis: SpaceAxis = .x

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try StripeNoise(amplitude: amplitude, axis: axis.letter)))
  }
}
