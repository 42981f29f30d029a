import Denoise
import Lang

struct UNetCommand: Command {
  static let name = "unet"
  static let summary = "U-Net: encoder and decoder joined level by level"
  static let details = "Ronneberger et al. 2015. One value serves 1-D, 2-D and 3-D data."
  static let role = CommandRole.value
  static let group = "Models"
  static let examples = [Example("model = unet(depth=2, channels=16)")]

  @Option("levels below the first", in: 0...8) var depth = 2
  @Option("channels of the first level", in: 1...1024) var channels = 32
  @Option("factor by which channels grow a level", in: 0.25...4) var growth: Double = 2
  @Option("side of the convolutions, odd", in: 1...15) var kernel = 3
  @Option("convolutions a level, on each side", in: 1...8) var blocks = 2
  @Option("normalisation") var norm: Normalizing = .batch
  @Option("what follows a convolution") var activation = ActivationValue(.relu)
  @Option("how levels halve") var pool: Pooling = .max
  @Option("how levels double") var up: Upsampling = .nearest
  @Option("how levels are joined") var skips: Skips = .concat
  @Option("whether the first level is joined too") var topSkip = true
  @Option("predicts what is to be added to its input") var residual = false
  @Option("folds space into channels first, by this factor", in: 1...4) var unshuffle = 1
  @Option("what the result goes through") var last = ActivationValue(.none)
  @Option("share of features dropped while training", in: 0..<1) var dropout: Double = 0
  @Option("reads the mask as one more channel") var maskChannel = false
  @Option("standard deviation the last layer starts with", in: 0...) var lastStart: Double?
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    var net = UNet()
    (net.depth, net.channels, net.growth) = (depth, channels, growth)
    (net.kernel, net.blocks, net.norm) = (kernel, blocks, norm)
    (net.activation, net.last) = (activation.activation, last.activation)
    (net.pool, net.up, net.skips, net.topSkip) = (pool, up, skips, topSkip)
    (net.residual, net.unshuffle, net.dropout) = (residual, unshuffle, dropout)
    (net.readsMask, net.lastStart) = (maskChannel, lastStart)
    return .host(ArchitectureValue(architecture: net, dimensions: dim))
  }
}
