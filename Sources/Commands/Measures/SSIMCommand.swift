import Denoise
import Lang
import TensorEngine

struct SSIMCommand: Command {
  static let name = "ssim"
  static let summary = "structural similarity: 1 for equal images"
  static let details = "Wang et al. 2004, with a uniform window of 7 pixels a side."
  static let group = "Measures"
  static let examples = [Example("ssim clean truth")]

  @Argument("image to judge") var image: Image
  @Argument("the truth") var truth: Image
  @Option("greatest possible value; as for `psnr` where none is given", in: 1e-30...)
  var peak: Double?

  func run(in context: Context) throws -> Value {
    let peak = self.peak ?? Metrics.peak(of: truth)
    return .number(try Metrics.ssim(image, truth: truth, peak: peak))
  }
}
