import Denoise
import Lang
import TensorEngine

struct PSNRCommand: Command {
  static let name = "psnr"
  static let summary = "peak signal-to-noise ratio, in dB"
  static let details = """
    10 log10(peak^2 / mean squared error). The peak is 255 for a truth stored in 8 bits, else the
    range of the truth, unless given; values are not clipped.
    """
  static let group = "Measures"
  static let examples = [Example("psnr clean truth")]

  @Argument("image to judge") var image: Image
  @Argument("the truth") var truth: Image
  @Option("greatest possible value", in: 1e-30...) var peak: Double?

  func run(in context: Context) throws -> Value {
    let peak = self.peak ?? Metrics.peak(of: truth)
    return .number(try Metrics.psnr(image.tensor, truth: truth.tensor, peak: peak))
  }
}
