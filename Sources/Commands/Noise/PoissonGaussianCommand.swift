import Denoise
import Lang

struct PoissonGaussianCommand: Command {
  static let name = "poisson_gaussian"
  static let summary = "counting noise and then the detector's white noise"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("counts at the brightest pixel", in: 1e-6...1e9) var peak: Double = 30
  @Argument("standard deviation of the white part, in the image's own units", in: 0...)
  var sigma: Double = 5

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try PoissonGaussianNoise(peak: peak, sigma: sigma)))
  }
}
