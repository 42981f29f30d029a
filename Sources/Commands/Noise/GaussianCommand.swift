import Denoise
import Lang

struct GaussianCommand: Command {
  static let name = "gaussian"
  static let summary = "white gaussian noise"
  static let role = CommandRole.value
  static let group = "Noise"
  static let examples = [Example("noisy, truth = sample(\"cells\", noise=gaussian(25), seed=1)")]

  @Argument("standard deviation, in the image's own units", in: 0...) var sigma: Double = 25

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try GaussianNoise(sigma: sigma)))
  }
}
