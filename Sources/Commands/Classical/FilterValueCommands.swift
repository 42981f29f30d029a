import Denoise
import Lang

// The classical denoisers as values; what they do stands with them in Denoise.

struct GaussianFilterCommand: DenoiserCommand {
  typealias Filter = GaussianFilter
  static let examples = [Example("denoise noisy gaussian_filter(1.5)")]

  @Argument(Self.help("sigma")) var sigma: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] { [("sigma", sigma)] }
}

struct MedianFilterCommand: DenoiserCommand {
  typealias Filter = MedianFilter
  static let examples = [
    Example("denoise noisy median_filter(radius=2)"),
    Example("best = calibrate noisy median_filter(radius=1..3)"),
  ]

  @Argument(Self.help("radius")) var radius: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] { [("radius", radius)] }
}

struct TVFilterCommand: DenoiserCommand {
  typealias Filter = TVFilter
  static let examples = [Example("denoise noisy tv_filter(weight=20)")]

  @Argument(Self.help("weight")) var weight: DenoiserSetting?
  @Option(Self.help("iterations")) var iterations: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("weight", weight), ("iterations", iterations)]
  }
}

struct WaveletFilterCommand: DenoiserCommand {
  typealias Filter = WaveletFilter
  static let examples = [Example("denoise noisy wavelet_filter(sigma=25, shifts=2)")]

  @Argument(Self.help("sigma")) var sigma: DenoiserSetting?
  @Option(Self.help("levels")) var levels: DenoiserSetting?
  @Option(Self.help("shifts")) var shifts: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("sigma", sigma), ("levels", levels), ("shifts", shifts)]
  }
}

struct NLMFilterCommand: DenoiserCommand {
  typealias Filter = NLMFilter
  static let examples = [Example("denoise noisy nlm_filter(h=15, patch=1, distance=4)")]

  @Argument(Self.help("h")) var h: DenoiserSetting?
  @Option(Self.help("sigma")) var sigma: DenoiserSetting?
  @Option(Self.help("patch")) var patch: DenoiserSetting?
  @Option(Self.help("distance")) var distance: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("h", h), ("sigma", sigma), ("patch", patch), ("distance", distance)]
  }
}

struct BilateralFilterCommand: DenoiserCommand {
  typealias Filter = BilateralFilter
  static let examples = [Example("denoise noisy bilateral_filter(sigma_space=1.5)")]

  @Option(Self.help("sigma_space")) var sigmaSpace: DenoiserSetting?
  @Option(Self.help("sigma_value")) var sigmaValue: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("sigma_space", sigmaSpace), ("sigma_value", sigmaValue)]
  }
}

struct BM3DFilterCommand: DenoiserCommand {
  typealias Filter = BM3DFilter
  static let examples = [
    Example("denoise noisy bm3d_filter(sigma=25)"),
    Example(
      "denoise noisy bm3d_filter(sigma=25, correlation=0.4)", "noise that neighbours share"),
  ]

  @Argument(Self.help("sigma")) var sigma: DenoiserSetting?
  @Option(Self.help("step")) var step: DenoiserSetting?
  @Option(Self.help("search")) var search: DenoiserSetting?
  @Option(Self.help("correlation")) var correlation: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("sigma", sigma), ("step", step), ("search", search), ("correlation", correlation)]
  }
}

struct PCAFilterCommand: DenoiserCommand {
  typealias Filter = PCAFilter
  static let examples = [Example("denoise noisy pca_filter(rank=20)")]

  @Argument(Self.help("rank")) var rank: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] { [("rank", rank)] }
}

struct DiffusionFilterCommand: DenoiserCommand {
  typealias Filter = DiffusionFilter
  static let examples = [Example("denoise noisy diffusion_filter(steps=2, neighbours=5)")]

  @Argument(Self.help("steps")) var steps: DenoiserSetting?
  @Option(Self.help("neighbours")) var neighbours: DenoiserSetting?
  @Option(Self.help("components")) var components: DenoiserSetting?

  var settings: [(name: String, setting: DenoiserSetting?)] {
    [("steps", steps), ("neighbours", neighbours), ("components", components)]
  }
}
