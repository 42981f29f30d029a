import Denoise
import Lang
import TensorEngine

struct DenoiseCommand: Command {
  static let name = "denoise"
  static let summary = "applies a classical denoiser to an image"
  static var details: String {
    "Denoisers: "
      + Denoisers.all.map { "`\($0.name)` (\($0.summary))" }.joined(separator: ", ")
      + ".\n\nSamples and channels are denoised on their own, but for the colours of a picture in "
      + "`bm3d_filter`, `nlm_filter` and `bilateral_filter`."
  }
  static let group = "Denoisers"
  static let examples = [
    Example("clean2 = denoise noisy median_filter(radius=2)"),
    Example("clean2 = denoise noisy bm3d_filter", "the noise level is estimated"),
  ]

  @Argument("image") var image: Image
  @Argument("denoiser") var denoiser: DenoiserValue

  func run(in context: Context) throws -> Value {
    var result = try denoiser.settled(for: "denoiser").denoised(image)
    result.stored = .float32
    return .image(result)
  }
}
