import Denoise
import Lang

struct DnCNNCommand: Command {
  static let name = "dncnn"
  static let summary = "a straight chain of convolutions"
  static let details = "Zhang et al. 2017."
  static let role = CommandRole.value
  static let group = "Models"

  @Option("convolutions", in: 2...64) var depth = 8
  @Option("channels", in: 1...1024) var channels = 48
  @Option("normalisation") var norm: Normalizing = .batch
  @Option("predicts the noise in the place of the signal") var residual = false
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    var net = DnCNN()
    (net.depth, net.channels, net.norm, net.residual) = (depth, channels, norm, residual)
    return .host(ArchitectureValue(architecture: net, dimensions: dim))
  }
}

struct Hourglass1DCommand: Command {
  static let name = "hourglass1d"
  static let summary = "the network for landmark tracks: long signals of many channels"
  static let role = CommandRole.value
  static let group = "Models"

  @Option("halvings", in: 1...8) var depth = 4
  @Option("channels", in: 1...1024) var channels = 64

  func run(in context: Context) throws -> Value {
    var net = Hourglass1D()
    (net.depth, net.channels) = (depth, channels)
    return .host(ArchitectureValue(architecture: net, dimensions: 1))
  }
}

struct SingleConvCommand: Command {
  static let name = "single_conv"
  static let summary = "one convolution: the simplest blind-spot network"
  static let role = CommandRole.value
  static let group = "Models"

  @Option("side, odd", in: 1...31) var kernel = 7
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    var net = SingleConv()
    net.kernel = kernel
    return .host(ArchitectureValue(architecture: net, dimensions: dim))
  }
}
