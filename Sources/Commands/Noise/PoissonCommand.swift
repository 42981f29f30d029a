import Denoise
import Lang

struct PoissonCommand: Command {
  static let name = "poisson"
  static let summary = "counting noise, as of photons or electrons"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("counts at the brightest pixel", in: 1e-6...1e9) var peak: Double = 30

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try PoissonNoise(peak: peak)))
  }
}
