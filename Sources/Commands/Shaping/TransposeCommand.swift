import Denoise
import Lang
import TensorEngine

struct TransposeCommand: Command {
  static let name = "transpose"
  static let summary = "puts the axes of an image into another order"
  static let details = "Letters, voxel sizes and origins of the axes go with them."
  static let group = "Shaping"
  static let examples = [
    Example("turned = transpose noisy"), Example("side = transpose vol \"YZX\""),
  ]

  @Argument("image") var image: Image
  @Argument("the axes in the order wanted, such as \"XYZ\"; reversed where none is given")
  var axes: String?

  func run(in context: Context) throws -> Value {
    .image(try image.transposed(to: axes?.uppercased()))
  }
}
