import Denoise
import Lang
import TensorEngine

struct SampleCommand: Command {
  static let name = "sample"
  static let summary = "built-in data that needs no download, with its clean truth"
  static var details: String {
    "Samples: " + Sample.all.map { "`\($0.name)` (\($0.summary))" }.joined(separator: ", ")
      + ".\n\nWith `noise=` gives back `[noisy, truth]`, without the truth alone; `halfmaps` gives "
      + "`[half1, half2, truth]`."
  }
  static let group = "Data"
  static let examples = [
    Example("noisy, truth = sample(\"cells\", noise=gaussian(25), seed=1)"),
    Example("half1, half2, truth = sample(\"halfmaps\", size=32)"),
  ]

  @Argument("name of the sample") var sample: SampleName?
  @Option("side, or a list of sides") var size: Either<Int, [Int]>?
  @Option("noise to add") var noise: NoiseValue?
  @Option("seed of the scene and the noise", in: 0...) var seed = 0

  func run(in context: Context) throws -> Value {
    guard let sample = sample?.sample else {
      var table = Table(["sample", "what it is", "axes", "size"])
      for sample in Sample.all {
        table.append([
          "sample": .string(sample.name), "what it is": .string(sample.summary),
          "axes": .string(sample.axes), "size": .string(sample.defaultSize.asShape),
        ])
      }
      return .table(table)
    }
    let sides: [Int]? =
      switch size {
      case .first(let side)?: [side]
      case .second(let sides)?: sides
      case nil: nil
      }
    let images = try sample.images(size: sides, noise: noise?.noise, seed: UInt64(seed))
    if images.count == 1 { return .image(images[0]) }
    return .list(images.map(Value.image))
  }
}

/// A sample's name.
struct SampleName: Bindable {
  static let typeName = "one of " + Sample.all.map(\.name).joined(separator: ", ")
  static let choices = Sample.all.map(\.name)
  let sample: Sample

  static func bind(_ value: Value) -> SampleName? {
    guard let name = value.asString, let sample = try? Sample.named(name) else { return nil }
    return SampleName(sample: sample)
  }
  var value: Value { .string(sample.name) }
}
