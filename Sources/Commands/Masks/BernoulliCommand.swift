import Denoise
import Lang

struct BernoulliCommand: Command {
  static let name = "bernoulli"
  static let summary = "each pixel hidden with a probability (Self2Self)"
  static let role = CommandRole.value
  static let group = "Masks"

  @Argument("probability that a pixel is hidden", in: 0...1) var p: Double = 0.3
  @Option("drawn for each channel on its own") var perChannel = true
  @Option("what stands in the place of hidden pixels") var fill: Fill = .zero

  func run(in context: Context) throws -> Value {
    .host(
      MaskValue(mask: try BernoulliMask(probability: p, perChannel: perChannel, fill: fill)))
  }
}
