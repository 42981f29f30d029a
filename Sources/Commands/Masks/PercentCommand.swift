import Denoise
import Lang

struct PercentCommand: Command {
  static let name = "percent"
  static let summary = "exactly a share of the pixels hidden"
  static let role = CommandRole.value
  static let group = "Masks"

  @Argument("share of pixels", in: 0...1) var p: Double = 0.2
  @Option("drawn for each channel on its own") var perChannel = true
  @Option("what stands in the place of hidden pixels") var fill: Fill = .zero

  func run(in context: Context) throws -> Value {
    .host(MaskValue(mask: try PercentMask(share: p, perChannel: perChannel, fill: fill)))
  }
}
