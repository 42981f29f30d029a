import Denoise
import Lang
import TensorEngine

struct StructureCommand: Command {
  static let name = "structure"
  static let summary = "a pixel and its neighbours under an array hidden (structN2V)"
  static let details = """
    The array has odd sides: an image, or lists of 0 and 1 for the last axes of the data. Around each \
    chosen pixel, those under a 1 are replaced too. `line` is the special case of a line.
    """
  static let role = CommandRole.value
  static let group = "Masks"
  static let examples = [
    Example("mask noisy structure([[0, 1, 0], [1, 1, 1], [0, 1, 0]])")
  ]

  @Argument("image or lists of 0 and 1 with odd sides") var pattern: Value
  @Option("pixels chosen, in percent", in: 0.001...50) var percent: Double = 0.2

  func run(in context: Context) throws -> Value {
    let array = try ImageArgument.image(pattern, Self.name).tensor
    return .host(MaskValue(mask: try StructuredMask(pattern: array, percent: percent)))
  }
}
