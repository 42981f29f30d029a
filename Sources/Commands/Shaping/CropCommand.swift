import Denoise
import Lang
import TensorEngine

struct CropCommand: Command {
  static let name = "crop"
  static let summary = "cuts a box out of an image"
  static let details = """
    Ranges hold both ends: `z=10..19` keeps ten slices. `size` cuts around the middle, `margin` takes
    as much off at every side. The origin moves with the corner, the voxel size stays.
    """
  static let group = "Shaping"
  static let examples = [
    Example("part = crop vol z=4..11 x=8..23"), Example("middle = crop vol size=16"),
    Example("inner = crop noisy margin=[4, 8]"),
  ]

  @Argument("image") var image: Image
  @Option("range along z") var z: NumberRange?
  @Option("range along y") var y: NumberRange?
  @Option("range along x") var x: NumberRange?
  @Option("range of samples") var s: NumberRange?
  @Option("range of time points") var t: NumberRange?
  @Option("range of channels") var c: NumberRange?
  @Option("side of the box around the middle, or a list of sides", in: 1...)
  var size: Either<Int, [Int]>?
  @Option("elements taken off at each side of space, or a list by axis", in: 0...)
  var margin: Either<Int, [Int]>?

  func run(in context: Context) throws -> Value {
    let ranges = [("z", z), ("y", y), ("x", x), ("s", s), ("t", t), ("c", c)]
    guard [size != nil, margin != nil, ranges.contains { $0.1 != nil }].filter({ $0 }).count == 1
    else {
      throw LangError(
        "`crop` takes either ranges, or `size`, or `margin`",
        hint: "for instance `crop vol z=10..19` or `crop vol size=64`")
    }
    return .image(try image.cropped(to: box(ranges)))
  }

  private func box(_ ranges: [(String, NumberRange?)]) throws -> Box {
    if let size { return try image.centeredBox(sides: size.numbers) }
    var box = Box(origin: image.shape.map { _ in 0 }, size: image.shape)
    if let margin {
      let widths = try image.paddingWidths(margin.numbers)
      for (axis, width) in zip(image.spatialDimensions, widths) {
        guard 2 * width < image.shape[axis] else {
          throw LangError(
            "a margin of \(width) leaves nothing of \(image.shape.asShape)", argument: "margin")
        }
        box.origin[axis] = width
        box.size[axis] -= 2 * width
      }
      return box
    }
    for (name, range) in ranges {
      guard let range else { continue }
      (box.origin, box.size) = try cut(box, name, range)
    }
    return box
  }

  private func cut(
    _ box: Box, _ name: String, _ range: NumberRange
  ) throws -> (origin: [Int], size: [Int]) {
    guard let axis = image.dimension(of: Character(name.uppercased())) else {
      throw LangError(
        "the image has no axis `\(name)`", hint: "its axes are \"\(image.axes)\"", argument: name)
    }
    let side = image.shape[axis]
    guard range.step == 1, let start = Int(exactly: range.start), let end = Int(exactly: range.end),
      start >= 0, start <= end, end < side
    else {
      throw LangError(
        "`\(name)` takes a range of whole numbers from 0 to \(side - 1), not "
          + Show.inline(.range(range)), hint: "both ends are kept: `\(name)=0..\(side - 1)` is all",
        argument: name)
    }
    var result = box
    result.origin[axis] = start
    result.size[axis] = end - start + 1
    return (result.origin, result.size)
  }
}
