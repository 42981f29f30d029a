import Denoise
import Lang

struct BlindspotCommand: Command {
  static let name = "blindspot"
  static let summary = "a ball, box or line around each chosen voxel hidden"
  static let role = CommandRole.value
  static let group = "Masks"

  @Argument("reach from the chosen voxel, in voxels", in: 0...32) var radius = 1
  @Option("form of what is hidden") var shape: BlindSpotMask.Shape = .ball
  @Option("voxels chosen, in percent", in: 0.001...50) var percent: Double = 0.5
  @Option("what stands in the place of hidden voxels") var fill: Fill = .zero

  func run(in context: Context) throws -> Value {
    .host(
      MaskValue(
        mask: try BlindSpotMask(radius: radius, shape: shape, percent: percent, fill: fill)))
  }
}
