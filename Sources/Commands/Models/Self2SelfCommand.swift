import Denoise
import Lang

struct Self2SelfCommand: Command {
  static let name = "self2self"
  static let summary = "the Self2Self network: partial convolutions and lasting dropout"
  static let details = "Quan et al. 2020."
  static let role = CommandRole.value
  static let group = "Models"

  @Option("halvings", in: 1...8) var levels = 5
  @Option("channels of the encoder", in: 1...1024) var encoder = 48
  @Option("channels of the decoder", in: 1...1024) var decoder = 96
  @Option("channels of the layers before the last") var tail = [64, 32]
  @Option("share of features dropped, at prediction too", in: 0..<1) var dropout: Double = 0.3
  @Option("what the result goes through") var last = ActivationValue(.sigmoid)
  @Option("partial convolutions in the encoder") var partial = true
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    var net = Self2SelfNet()
    (net.levels, net.encoder, net.decoder, net.tail) = (levels, encoder, decoder, tail)
    (net.dropout, net.last, net.partial) = (dropout, last.activation, partial)
    return .host(ArchitectureValue(architecture: net, dimensions: dim))
  }
}
