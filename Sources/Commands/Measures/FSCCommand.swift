import Denoise
import Lang
import TensorEngine

struct FSCCommand: Command {
  static let name = "fsc"
  static let summary = "Fourier shell correlation of two images, from coarse to fine"
  static let details = """
    Gives back a table with the columns `shell`, `frequency` (1/unit of the voxel size; cycles a \
    pixel where that is not known), `fsc` and `count`. `.at(0.143)` is where the correlation first \
    falls below 0.143, as a length in the voxel's unit; `none` where it is below from the first \
    shell on. In 2-D this is the ring correlation; samples and channels count together. `plot` \
    draws it.

    A mask adds correlation of its own. With `correct=true` the phases of both images are made \
    random from where they differ, what correlation is left under the mask is taken off (Chen et \
    al. 2013), and the columns `unmasked`, `masked` and `random` show the parts.

    `wedge=60` compares only what a tilt series of ±60 degrees about `tilt_axis` shows.
    """
  static let group = "Measures"
  static let examples = [
    Example("half1, half2, truth = sample(\"halfmaps\", size=32)"),
    Example("print (fsc half1 half2).at(0.143)"),
    Example("curve = fsc noisy clean"),
    Example("curve = fsc vol vol mask=soft_mask(vol) correct=true"),
  ]

  @Argument("one image") var a: Image
  @Argument("the other") var b: Image
  @Option("image of the same space that both are multiplied by first; see `soft_mask`")
  var mask: Image?
  @Option("takes off what the mask itself adds") var correct = false
  @Option("largest tilt of the tilt series, in degrees", in: 1..<90) var wedge: Double?
  @Option("axis of the tilt series") var tiltAxis: TiltAxis = .y
  @Option("seed of the random phases", in: 0...) var seed = 0

  func run(in context: Context) throws -> Value {
    let measured = try wedge.map { try TiltRange(maximum: $0, axis: tiltAxis.letter) }
    guard correct else {
      return .table(try FSCTable.table(ShellCorrelation(a, b, mask: mask, measured: measured)))
    }
    guard let mask else {
      throw LangError(
        "`correct` takes off what a mask adds; there is no mask",
        hint: "give one: `mask=soft_mask(half1)`", argument: "correct")
    }
    let result = try CorrectedCorrelation(
      a, b, mask: mask, measured: measured, seed: UInt64(seed))
    return .table(
      try FSCTable.table(
        result.corrected,
        further: [
          ("unmasked", result.unmasked), ("masked", result.masked), ("random", result.randomised),
        ]))
  }
}

/// `tilt_axis=`.
enum TiltAxis: String, Choice {
  case y, x
  var letter: Character { self == .y ? "Y" : "X" }
}

/// A shell correlation as a table.
enum FSCTable {
  /// - Parameter further: Columns of other correlations over the same shells.
  static func table(
    _ result: ShellCorrelation, further: [(String, ShellCorrelation)] = []
  ) throws -> Table {
    let shells = result.shells
    var table = try Table(
      columns: [
        ("shell", shells.indices.map { .int($0 + 1) }),
        ("frequency", shells.map { .number($0.frequency) }),
        ("fsc", shells.map { .number($0.correlation) }),
      ] + further.map { name, other in (name, other.shells.map { .number($0.correlation) }) } + [
        ("count", shells.map { .int($0.count) })
      ])
    table.extras = [
      "at": .function(
        Function(name: "at", parameters: ["threshold"]) { arguments, _ in
          guard arguments.count == 1, let threshold = arguments[0].asNumber,
            (-1...1).contains(threshold)
          else { throw LangError("`at` takes a threshold from -1 to 1, such as `.at(0.143)`") }
          return result.resolution(at: threshold).map(Value.number) ?? Value.none
        }),
      "unit": .string(result.unit ?? "px"), "nyquist": .number(result.nyquist),
    ]
    return table
  }
}
