import Denoise
import Lang
import TensorEngine

struct AmplitudesCommand: Command {
  static let name = "amplitudes"
  static let summary = "how much of an image's amplitudes a denoiser kept, band by band"
  static let details = """
    `kept` is the share of the amplitude that is left in a band; `from` and `to` are lengths in the \
    voxel's unit, coarse to fine. With `truth=`, the clean image or the other half, the columns \
    `fsc_before` and `fsc_after` say whether what went was noise.
    """
  static let group = "Measures"
  static let examples = [
    Example("amplitudes noisy clean"), Example("amplitudes noisy clean truth=truth bands=8"),
  ]

  @Argument("before denoising") var before: Image
  @Argument("after") var after: Image
  @Option("the clean image, or the other half") var truth: Image?
  @Option("image of the same space that all are multiplied by first") var mask: Image?
  @Option("bands of equal width up to Nyquist", in: 1...1000) var bands = 5

  func run(in context: Context) throws -> Value {
    let result = try AmplitudeBands(
      before: before, after: after, reference: truth, mask: mask, count: bands)
    var table = Table([])
    for band in result.bands {
      var row: Record = [
        "from": .number(1 / band.frequencies.lowerBound),
        "to": .number(1 / band.frequencies.upperBound),
        "before": .number(band.before), "after": .number(band.after), "kept": .number(band.kept),
      ]
      if let before = band.correlationBefore, let after = band.correlationAfter {
        row["fsc_before"] = .number(before)
        row["fsc_after"] = .number(after)
      }
      table.append(row)
    }
    table.extras = ["unit": .string(result.unit ?? "px")]
    return .table(table)
  }
}
