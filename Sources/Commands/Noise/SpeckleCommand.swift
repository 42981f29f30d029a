import Denoise
import Lang

struct SpeckleCommand: Command {
  static let name = "speckle"
  static let summary = "noise in proportion to the signal"
  static let role = CommandRole.value
  static let group = "Noise"

  @Argument("standard deviation relative to the signal", in: 0...) var s: Double = 0.2

  func run(in context: Context) throws -> Value {
    .host(NoiseValue(noise: try SpeckleNoise(strength: s)))
  }
}
