import Denoise
import Lang

struct ZeroShotNetCommand: Command {
  static let name = "zsn2n_net"
  static let summary = "the network of Zero-Shot Noise2Noise: three convolutions"
  static let details = "Mansour and Heckel 2023. What it computes is the noise, to be taken off."
  static let role = CommandRole.value
  static let group = "Models"

  @Option("channels", in: 1...1024) var channels = 48
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    var net = ZeroShotNet()
    net.channels = channels
    return .host(ArchitectureValue(architecture: net, dimensions: dim))
  }
}
