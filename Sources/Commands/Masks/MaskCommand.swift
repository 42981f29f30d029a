import Denoise
import Lang
import TensorEngine

struct MaskCommand: Command {
  static let name = "mask"
  static let summary = "shows what a mask does to an image"
  static let details = """
    Gives back `[masked, mask]`: the image as a network would see it, and an image of 1 where a
    pixel is hidden. The share hidden is noted. `recorrupt` hides nothing: of it the second image is
    what the network's result is compared with.
    """
  static let group = "Data"
  static let examples = [Example("masked, hidden = mask(sample(\"cells\"), bernoulli(0.3))")]

  @Argument("image to hide pixels of") var image: Image
  @Argument("mask") var mask: MaskValue
  @Option("seed of the draw; the session's next where none is given") var seed: Int?

  func run(in context: Context) throws -> Value {
    let layout = try SampleLayout(of: image)
    let samples = try layout.samples(of: image)
    let seed = self.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.nextSeed()
    let streams = samples.indices.map { RandomStream(seed: seed, purpose: .mask, sample: $0) }
    let own = try mask.mask.fitted(to: TrainingData(images: [image]))
    let result = try own.applied(to: Tensor.stacked(samples), streams: streams)
    func whole(_ batch: Tensor) throws -> Value {
      .image(try layout.image(from: samples.indices.map { try batch.part($0) }, like: image))
    }
    guard !own.makesTarget else {
      context.note("\(own)")
      return .list([try whole(result.input), try whole(result.target)])
    }
    context.note("\(NumberText.short(100 * result.share)) % of the pixels are hidden")
    return .list([try whole(result.input), try whole(result.hidden)])
  }
}
