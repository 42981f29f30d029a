import Denoise
import Lang
import TensorEngine

struct ExtractCommand: Command {
  static let name = "extract"
  static let summary = "cubes of a volume, or squares of a picture, as a stack"
  static let details = """
    Side by side as they tile the image, or `count=` of them at random, or about the points of \
    `at=`, a list of [z, y, x] or a table with such columns. The stack trains as one: `train \
    (extract tomo size=32) method=s2s mask=blindspot(radius=1)`.
    """
  static let group = "Tomograms"
  static let examples = [
    Example("stack = extract vol size=16 count=20"),
    Example("stack = extract vol size=16 at=[[30, 12, 12], [40, 16, 20]]"),
  ]

  @Argument("volume or picture") var image: Image
  @Option("elements along each axis", in: 1...) var size = 32
  @Option("elements from piece to piece; the size where none is given", in: 1...) var step: Int?
  @Option("pieces drawn at random", in: 1...1_000_000) var count: Int?
  @Option("middles of the pieces: a list of points, or a table with the columns z, y and x")
  var at: Value?
  @Option("seed of the draw; the session's next where none is given") var seed: Int?

  func run(in context: Context) throws -> Value {
    let corners: [[Int]]
    if let at {
      corners = try points(at).map { point in point.map { Int($0.rounded()) - size / 2 } }
    } else if let count {
      let seed = self.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.nextSeed()
      corners = image.randomCorners(side: size, count: count, seed: seed)
    } else {
      corners = image.tiledCorners(side: size, step: step ?? size)
    }
    guard !corners.isEmpty else {
      throw LangError(
        "a piece of \(size) does not fit \(image.shape.asShape)", argument: "size")
    }
    return .image(try image.pieces(at: corners, side: size))
  }

  private func points(_ value: Value) throws -> [[Double]] {
    if let table = Table.bind(value) {
      return try table.rows.map { row in
        try image.axes.map { axis in
          guard let place = row[axis.lowercased()]?.asNumber else {
            throw LangError("the table has no numbers `\(axis.lowercased())`", argument: "at")
          }
          return place
        }
      }
    }
    let rows = value.asList?.compactMap(\.asNumbers) ?? []
    guard !rows.isEmpty, rows.count == value.asList?.count,
      rows.allSatisfy({ $0.count == image.tensor.rank && $0.allSatisfy(\.isFinite) })
    else {
      throw LangError(
        "`at` takes a list of points, \(image.tensor.rank) numbers each, or a table",
        argument: "at")
    }
    return rows
  }
}

struct EvenOddCommand: Command {
  static let name = "even_odd"
  static let summary = "the means of a stack's even and odd frames: a pair to train on"
  static let details = """
    From the frames of a movie or the images of a tilt series; the two have one signal and \
    independent noise: `even, odd = even_odd movie`, then `train even target=odd`.
    """
  static let group = "Tomograms"
  static let examples = [Example("even, odd = even_odd vol axis=z")]

  @Argument("stack of frames") var stack: Image
  @Option("axis of the frames; samples, times or sections, whichever comes first where none")
  var axis: FrameAxis?

  func run(in context: Context) throws -> Value {
    let letter = axis?.letter ?? "STZ".first { stack.axes.contains($0) } ?? "S"
    let (even, odd) = try stack.evenOdd(along: letter)
    return .list([.image(even), .image(odd)])
  }
}

/// `axis=` of a stack.
enum FrameAxis: String, Choice {
  case s, t, c, z, y, x
  var letter: Character { Character(rawValue.uppercased()) }
}
