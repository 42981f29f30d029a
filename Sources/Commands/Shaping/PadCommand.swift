import Denoise
import Lang
import TensorEngine

extension PaddingMode: Choice {}

struct PadCommand: Command {
  static let name = "pad"
  static let summary = "puts a frame around the space of an image"
  static let details = "The origin moves out with the corner; the voxel size stays."
  static let group = "Shaping"
  static let examples = [
    Example("framed = pad noisy 8"), Example("framed = pad vol [0, 4, 4] mode=wrap"),
    Example("square = pad noisy size=160 mode=constant value=0"),
  ]

  @Argument("image") var image: Image
  @Argument("elements added on each side, or a list by axis", in: 0...)
  var width: Either<Int, [Int]>?
  @Option("side to reach, or a list of sides, in the place of widths", in: 1...)
  var size: Either<Int, [Int]>?
  @Option("what is put there") var mode: PaddingMode = .reflect
  @Option("the number of `mode=constant`") var value: Double = 0

  func run(in context: Context) throws -> Value {
    let widths: (before: [Int], after: [Int])
    switch (width, size) {
    case (let width?, nil):
      let numbers = try image.paddingWidths(width.numbers)
      widths = (numbers, numbers)
    case (nil, let size?): widths = try image.paddingWidths(toSides: size.numbers)
    default:
      throw LangError(
        "`pad` takes either a width or `size`",
        hint: "for instance `pad img 8` or `pad img size=256`")
    }
    return .image(
      try image.padded(
        before: widths.before, after: widths.after, mode: mode, value: Float(value)))
  }
}
