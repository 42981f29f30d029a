import Denoise
import Lang

struct PixelsCommand: Command {
  static let name = "pixels"
  static let summary = "single pixels replaced from their neighbourhood (Noise2Void)"
  static let role = CommandRole.value
  static let group = "Masks"

  @Argument("pixels hidden, in percent", in: 0.001...50) var percent: Double = 0.2
  @Option("what stands in the place of hidden pixels")
  var manipulate: PixelMask.Manipulation = .uniform
  @Option("reach of the neighbourhood, in pixels", in: 1...64) var radius = 5
  @Option("whether the pixel itself may be drawn") var center = false
  @Option("drawn for each channel on its own") var perChannel = true

  func run(in context: Context) throws -> Value {
    .host(
      MaskValue(
        mask: try PixelMask(
          percent: percent, manipulation: manipulate, radius: radius, center: center,
          perChannel: perChannel)))
  }
}
