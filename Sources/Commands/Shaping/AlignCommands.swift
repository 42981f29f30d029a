import Denoise
import Lang
import TensorEngine

struct AlignCommand: Command {
  static let name = "align"
  static let summary = "moves images to lie on each other, by fractions of a pixel"
  static let details = """
    Each sample of a stack is moved onto the image `to`, or without one onto the mean of all, to where \
    the two agree best; nothing is turned or stretched. Noise stays as white as it was, what comes in at \
    the edges is reflected. Two exposures must lie on each other before one is learnt from the other.
    """
  static let group = "Shaping"
  static let examples = [
    Example("second = align other to=noisy"),
    Example("still = align stack([noisy, other, noisy], axis=\"t\")"),
  ]

  @Argument("image, or stack of images") var image: Image
  @Option("what it is to lie on: one image, or a stack of as many") var to: Image?
  @Option(
    "the largest displacement looked for, in pixels; a quarter of each side where none", in: 1...)
  var most: Int?

  func run(in context: Context) throws -> Value {
    let found = try image.displacements(from: to, most: most)
    let farthest = found.max { $0.distance < $1.distance }
    if let farthest {
      context.note(
        "moved by " + (found.count > 1 ? "up to " : "")
          + "\(NumberText.fixed(farthest.distance, 2)) pixels")
    }
    return .image(try image.aligned(by: found))
  }
}

struct DisplacementCommand: Command {
  static let name = "displacement"
  static let summary = "how far images lie from another, in pixels"
  static let details = """
    A table with a row for each sample and a column for each axis: where what the image `from` shows at \
    x is found, less x. Without `from` it is the mean of all. `certainty` is how many standard errors \
    that is: below 3 it may be chance, and of smooth signals it is too sure. `strength` is the \
    correlation in standard deviations of what noise makes of it: images with nothing in common come \
    to 5. `align` moves images back.
    """
  static let group = "Measures"
  static let examples = [Example("displacement other from=noisy")]

  @Argument("image, or stack of images") var image: Image
  @Option("image of the same scene, or a stack of as many") var from: Image?
  @Option(
    "the largest displacement looked for, in pixels; a quarter of each side where none", in: 1...)
  var most: Int?

  func run(in context: Context) throws -> Value {
    let found = try image.displacements(from: from, most: most)
    let letters = Array(image.axes)
    let axes = image.spatialDimensions.map { letters[$0].lowercased() }
    let columns = axes.enumerated().map { axis, name in
      (name, found.map { Value.number($0.pixels[axis]) })
    }
    return .table(
      try Table(
        columns: [("image", found.indices.map(Value.int))] + columns
          + [
            ("certainty", found.map { .number($0.certainty) }),
            ("strength", found.map { .number($0.strength) }),
          ]))
  }
}
