import Denoise
import Lang

struct GridCommand: Command {
  static let name = "grid"
  static let summary = "one pixel of each cell of a grid hidden (Noise2Self)"
  static let role = CommandRole.value
  static let group = "Masks"

  @Argument("side of a cell, in pixels", in: 2...256) var width = 4
  @Option("what stands in the place of hidden pixels") var fill: Fill = .interpolate

  func run(in context: Context) throws -> Value {
    .host(MaskValue(mask: try GridMask(width: width, fill: fill)))
  }
}
