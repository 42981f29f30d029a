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
    """
  static let group = "Measures"
  static let examples = [
    Example("half1, half2, truth = sample(\"halfmaps\", size=32)"),
    Example("print (fsc half1 half2).at(0.143)"),
    Example("curve = fsc noisy clean"),
  ]

  @Argument("one image") var a: Image
  @Argument("the other") var b: Image
  @Option("image of the same space that both are multiplied by first") var mask: Image?

  func run(in context: Context) throws -> Value {
    let result = try ShellCorrelation(a, b, mask: mask)
    let shells = result.shells
    var table = try Table(columns: [
      ("shell", shells.indices.map { .int($0 + 1) }),
      ("frequency", shells.map { .number($0.frequency) }),
      ("fsc", shells.map { .number($0.correlation) }),
      ("count", shells.map { .int($0.count) }),
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
    return .table(table)
  }
}
