import Denoise
import Lang
import TensorEngine

struct FlipCommand: Command {
  static let name = "flip"
  static let summary = "reverses an image along one axis or several"
  static let group = "Shaping"
  static let examples = [Example("mirror = flip noisy"), Example("other = flip vol axis=[z, y]")]

  @Argument("image") var image: Image
  @Option("axis, or a list of axes") var axis: Either<AxisLetter, [AxisLetter]> = .first(.x)

  func run(in context: Context) throws -> Value {
    .image(try image.flipped(along: axis.letters))
  }
}
