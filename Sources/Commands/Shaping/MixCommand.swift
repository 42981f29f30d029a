import Denoise
import Lang
import TensorEngine

struct MixCommand: Command {
  static let name = "mix"
  static let summary = "the weighted mean of two images"
  static let group = "Shaping"
  static let examples = [Example("half = mix noisy clean 0.5")]

  @Argument("image") var image: Image
  @Argument("the other image") var other: Image
  @Argument("share of the other image", in: 0...1) var share: Double = 0.5

  func run(in context: Context) throws -> Value {
    .image(try image.mixed(with: other, share: share))
  }
}
