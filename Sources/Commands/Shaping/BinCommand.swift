import Denoise
import Lang
import TensorEngine

extension BinReduction: Choice {}

struct BinCommand: Command {
  static let name = "bin"
  static let summary = "joins neighbouring elements, which makes an image smaller and less noisy"
  static let details = """
    The voxel grows by the factor. What does not fill a cell at the end of an axis is left out. \
    `by=sum` keeps counts.
    """
  static let group = "Shaping"
  static let examples = [Example("small = bin vol 2"), Example("flat = bin vol [1, 2, 2] by=sum")]

  @Argument("image") var image: Image
  @Argument("elements a cell, or a list by axis", in: 1...)
  var factor: Either<Int, [Int]> = .first(2)
  @Option("how the elements of a cell are joined") var by: BinReduction = .mean

  func run(in context: Context) throws -> Value {
    .image(try image.binned(by: factor.numbers, by))
  }
}
