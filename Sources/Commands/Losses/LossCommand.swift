import Denoise
import Lang

// The losses as commands: values that add up and are weighted.

protocol LossCommand: Command {
  func loss() throws -> any LossTerm
}

extension LossCommand {
  static var role: CommandRole { .value }
  static var group: String { "Losses" }

  func run(in context: Context) throws -> Value { .host(LossValue(try loss())) }
}

struct MSECommand: LossCommand {
  static let name = "mse"
  static let summary = "mean squared error where the loss looks"
  func loss() throws -> any LossTerm { MeanSquaredError() }
}

struct MAECommand: LossCommand {
  static let name = "mae"
  static let summary = "mean absolute error where the loss looks"
  func loss() throws -> any LossTerm { MeanAbsoluteError() }
}

struct NormCommand: LossCommand {
  static let name = "l2"
  static let summary = "norm of the residual of each sample over the number of pixels looked at"
  func loss() throws -> any LossTerm { NormLoss() }
}

struct HuberCommand: LossCommand {
  static let name = "huber"
  static let summary = "quadratic for small residuals, straight for large ones"
  @Argument("residual at which it bends", in: 1e-9...) var d: Double = 1
  func loss() throws -> any LossTerm { try HuberLoss(delta: d) }
}

struct CharbonnierCommand: LossCommand {
  static let name = "charbonnier"
  static let summary = "a smooth absolute error"
  @Argument("residual below which it is smooth", in: 1e-9...) var e: Double = 1e-3
  func loss() throws -> any LossTerm { try CharbonnierLoss(epsilon: e) }
}

struct PoissonLossCommand: LossCommand {
  static let name = "poisson_nll"
  static let summary = "likelihood of counts; with normalize=none"
  func loss() throws -> any LossTerm { PoissonLoss() }
}

struct TVCommand: LossCommand {
  static let name = "tv"
  static let summary = "total variation of the output, a mean over its elements"
  @Option("Euclidean length of the gradient in the place of the sum of its parts")
  var isotropic = false
  func loss() throws -> any LossTerm { try TotalVariation(isotropic: isotropic) }
}

struct TV2Command: LossCommand {
  static let name = "tv2"
  static let summary = "second-order total variation, which spares slopes"
  @Option("Euclidean length in the place of the sum of its parts") var isotropic = false
  func loss() throws -> any LossTerm { try TotalVariation(isotropic: isotropic, order: 2) }
}

struct SSIMLossCommand: LossCommand {
  static let name = "ssim_loss"
  static let summary = "1 - SSIM of output and target"
  @Option("range of the data that the network sees", in: 1e-9...) var range: Double = 4
  func loss() throws -> any LossTerm { try StructuralLoss(range: range) }
}

extension FourierLoss.Measure: Choice {}

struct FourierLossCommand: LossCommand {
  static let name = "fourier"
  static let summary = "error in a band of frequencies, which guards fine detail"
  static let details = """
    The band is in cycles a pixel: 0.5 is the finest. `measure=correlation` is 1 minus the Fourier \
    shell correlation, in which each shell counts alike however little power it has; `error` over \
    all frequencies is `mse`.
    """
  static let examples = [Example("guarded = mse + 0.5*fourier(band=[0.25, 0.5])")]
  @Argument("lowest and highest frequency, in cycles a pixel") var band: [Double] = [0.25, 0.5]
  @Option("what is compared") var measure: FourierLoss.Measure = .error

  func loss() throws -> any LossTerm {
    guard band.count == 2, band[0] < band[1] else {
      throw LangError("`band` takes `[low, high]`, such as `[0.25, 0.5]`", argument: "band")
    }
    return try FourierLoss(band: band[0]...band[1], measure: measure)
  }
}
