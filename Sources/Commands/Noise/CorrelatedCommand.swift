import Denoise
import Lang

struct CorrelatedCommand: Command {
  static let name = "correlated"
  static let summary = "gaussian noise blurred over neighbours"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("standard deviation, in the image's own units", in: 0...) var sigma: Double = 25
  @Option("standard deviation of the blur, in pixels", in: 0...) var radius: Double = 1

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try CorrelatedNoise(sigma: sigma, radius: radius)))
  }
}
