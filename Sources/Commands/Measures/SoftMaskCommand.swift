import Denoise
import Lang
import TensorEngine

struct SoftMaskCommand: Command {
  static let name = "soft_mask"
  static let summary = "a mask with a soft edge about the dense part of a map, or a ball"
  static let details = """
    The map is smoothed, cut at a threshold, made larger and given an edge that falls as a cosine: \
    the mask that `fsc` wants. With `radius=` it is a ball about the middle.
    """
  static let group = "Measures"
  static let examples = [
    Example("m = soft_mask vol"), Example("m = soft_mask vol radius=12 edge=4"),
  ]

  @Argument("map, dense is bright") var map: Image
  @Option("of the smoothed map; halfway from its median to its 99.5th percentile where none")
  var threshold: Double?
  @Option("length it is smoothed to, in the voxel's unit; 8 voxels where none", in: 1e-9...)
  var lowpass: Double?
  @Option("voxels by which it is made larger", in: 0...) var extend: Double = 3
  @Option("voxels over which it falls to 0", in: 0...) var edge: Double = 6
  @Option("radius of a ball, in voxels", in: 1e-9...) var radius: Double?

  func run(in context: Context) throws -> Value {
    if let radius { return .image(try SoftMask.ball(in: map, radius: radius, edge: edge)) }
    return .image(
      try SoftMask.around(
        map, lowpass: lowpass, threshold: threshold, extend: extend, edge: edge))
  }
}
