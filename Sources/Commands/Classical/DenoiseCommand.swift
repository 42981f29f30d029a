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
      + "`bm3d_filter`, `nlm_filter` and `bilateral_filter`.\n\n"
      + StabilizeOption.details
  }
  static let group = "Denoisers"
  static let examples = [
    Example("clean2 = denoise noisy median_filter(radius=2)"),
    Example("clean2 = denoise noisy bm3d_filter", "the noise level is estimated"),
    Example(
      "clean2 = denoise noisy bm3d_filter stabilize=true", "noise that grows with brightness"),
  ]

  @Argument("image") var image: Image
  @Argument("denoiser") var denoiser: DenoiserValue
  @Option(StabilizeOption.help) var stabilize = false

  func run(in context: Context) throws -> Value {
    let filter = try denoiser.settled(for: "denoiser")
    let scale = try stabilize ? VarianceStabilization(of: image) : nil
    var result =
      try scale.map { scale in
        try scale.undone(on: scale.told(filter).denoised(scale.applied(to: image)))
      } ?? filter.denoised(image)
    result.stored = .float32
    return .image(result)
  }
}

/// What `stabilize` says of itself, wherever it is an option.
enum StabilizeOption {
  static let help = "denoise on a scale of brightness where the noise is alike everywhere"
  static let details = """
    With `stabilize=true` the noise's strength at each brightness is measured where the image is \
    flat, and brightness is rescaled so that the noise is of standard deviation 1 everywhere, as \
    Anscombe's transform does for counts; the result is scaled back. Noise of counting, as under \
    microscopes, asks for it. Parameters that are in units of the image, such as `sigma`, are then in \
    units of the noise: 1 is right.
    """
}
