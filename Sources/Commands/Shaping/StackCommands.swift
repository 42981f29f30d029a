import Denoise
import Lang
import TensorEngine

// Images put together and taken apart.

struct StackCommand: Command {
  static let name = "stack"
  static let summary = "puts images of one shape along a new axis"
  static let group = "Shaping"
  static let examples = [
    Example("pair = stack noisy clean"), Example("vol2 = stack [noisy, clean] axis=z spacing=2"),
  ]

  @Rest("images, or lists of images", atLeast: 1) var images: [Either<Image, [Image]>]
  @Option("the new axis") var axis: AxisLetter = .s
  @Option("distance of neighbours along a new axis of space, in the voxel's unit", in: 0...)
  var spacing: Double?

  func run(in context: Context) throws -> Value {
    .image(try Image.stacked(images.flatMap(\.images), along: axis.letter, spacing: spacing))
  }
}

struct UnstackCommand: Command {
  static let name = "unstack"
  static let summary = "the images along an axis, as a list"
  static let group = "Shaping"
  static let examples = [
    Example("slices = unstack vol axis=z"), Example("frames = unstack (stack noisy clean)"),
  ]

  @Argument("image") var image: Image
  @Option("axis that goes away") var axis: AxisLetter = .s

  func run(in context: Context) throws -> Value {
    .list(try image.unstacked(along: axis.letter).map(Value.image))
  }
}

struct ConcatCommand: Command {
  static let name = "concat"
  static let summary = "joins images one after another along an axis that they have"
  static let group = "Shaping"
  static let examples = [Example("wide = concat noisy clean axis=x")]

  @Rest("images, or lists of images", atLeast: 1) var images: [Either<Image, [Image]>]
  @Option("axis along which they are joined") var axis: AxisLetter = .s

  func run(in context: Context) throws -> Value {
    .image(try Image.joined(images.flatMap(\.images), along: axis.letter))
  }
}

extension Either where A == Image, B == [Image] {
  /// The images, be it one or several.
  var images: [Image] {
    switch self {
    case .first(let image): [image]
    case .second(let images): images
    }
  }
}
