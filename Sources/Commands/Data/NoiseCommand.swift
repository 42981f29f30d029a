import Denoise
import Lang
import TensorEngine

struct NoiseCommand: Command {
  static let name = "noise"
  static let summary = "adds noise of a kind to an image"
  static let group = "Data"
  static let examples = [Example("noisy = noise sample(\"cells\") gaussian(25) seed=1")]

  @Argument("image") var image: Image
  @Argument("kind of noise") var noise: NoiseValue
  @Option("seed of the draw; the session's next where none is given") var seed: Int?

  func run(in context: Context) throws -> Value {
    let seed = self.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.nextSeed()
    var result = try noise.noise.applied(to: image, seed: seed)
    result.stored = .float32
    return .image(result)
  }
}
