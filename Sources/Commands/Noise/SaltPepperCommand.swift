import Denoise
import Lang

struct SaltPepperCommand: Command {
  static let name = "salt_pepper"
  static let summary = "pixels set to the least or greatest value"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("share of pixels", in: 0...1) var p: Double = 0.05

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try SaltPepperNoise(probability: p)))
  }
}
