import Denoise
import Lang
import TensorEngine

struct BlindPSNRCommand: Command {
  static let name = "blind_psnr"
  static let summary = "PSNR of a denoiser on a noisy image, estimated without truth"
  static let details = """
    The denoiser runs on the image with one pixel of each cell of a grid hidden, always the same \
    ones. Its squared error there, less the variance of the noise, is its squared error against the \
    truth (Batson and Royer 2019). `none` where the noise explains all of the error. The noise must \
    be white; `sigma` is estimated (`noise_level`) where it is not given.
    """
  static let group = "Measures"
  static let examples = [
    Example("blind_psnr noisy median_filter(radius=2) peak=255"),
    Example("blind_psnr noisy (fn(x) = lowpass(x, 0.1)) sigma=25 peak=255"),
  ]

  @Argument("noisy image") var image: Image
  @Argument("denoiser, trained model or function of an image") var denoiser: Judged
  @Option("standard deviation of the noise", in: 0...) var sigma: Double?
  @Option("greatest possible value; as for `psnr` where none is given", in: 1e-30...)
  var peak: Double?
  @Option("side of the cells of which one pixel is hidden", in: 2...64) var width = 4
  @Option("sets of hidden pixels to average over", in: 1...64) var rounds = 1

  func run(in context: Context) throws -> Value {
    let quality = try BlindQuality(
      of: image, sigma: sigma, peak: peak ?? Metrics.peak(of: image), width: width,
      rounds: rounds, by: denoiser.process())
    guard let psnr = quality.psnr else {
      context.note(
        "noise of \(NumberText.short(quality.sigma)) explains all of the error at hidden pixels")
      return .none
    }
    return .number(psnr)
  }
}

/// What `blind_psnr` judges.
enum Judged: Bindable {
  case denoiser(DenoiserValue)
  case model(ModelValue)
  case function(Function)

  static let typeName = "a denoiser, a trained model or a function"

  static func bind(_ value: Value) -> Judged? {
    DenoiserValue.bind(value).map(Judged.denoiser) ?? ModelValue.bind(value).map(Judged.model)
      ?? value.asFunction.map(Judged.function)
  }

  var value: Value {
    switch self {
    case .denoiser(let denoiser): .host(denoiser)
    case .model(let model): .host(model)
    case .function(let function): .function(function)
    }
  }

  /// Image to image.
  func process() throws -> (Image) throws -> Image {
    switch self {
    case .denoiser(let value):
      let denoiser = try value.settled(for: "denoiser")
      return { try denoiser.denoised($0) }
    case .model(let model):
      let predictor = try Predictor(model.model)
      return { try predictor.predict($0).image }
    case .function(let function):
      return { image in
        let result = try function(.image(image))
        guard let denoised = result.asImage else {
          throw LangError(
            "the function gives \(result.kindWithArticle), not an image", argument: "denoiser")
        }
        return denoised
      }
    }
  }
}
