import Denoise
import Lang

struct ChainCommand: Command {
  static let name = "chain"
  static let summary = "a network of one's own: layers one after another"
  static let role = CommandRole.value
  static let group = "Models"
  static let examples = [Example("model = chain(conv(16, 3), relu, conv(16, 3), relu)")]

  @Rest("layers", atLeast: 1) var layers: [LayerValue]
  @Option("axes of the data it is shown for", in: 1...3) var dim = 2

  func run(in context: Context) throws -> Value {
    .host(ArchitectureValue(architecture: Chain(layers.map(\.link)), dimensions: dim))
  }
}

// The links of a chain.

protocol LayerCommand: Command {
  var link: Chain.Link { get }
}

extension LayerCommand {
  static var role: CommandRole { .value }
  static var group: String { "Layers" }

  func run(in context: Context) throws -> Value { .host(LayerValue(link: link)) }
}

struct ReLUCommand: LayerCommand {
  static let name = "relu"
  static let summary = "negative values set to zero"
  var link: Chain.Link { .activation(.relu) }
}

struct LeakyCommand: LayerCommand {
  static let name = "leaky"
  static let summary = "negative values scaled down"
  @Argument("factor on negative values", in: 0...1) var slope: Double = 0.1
  var link: Chain.Link { .activation(.leaky(slope)) }
}

struct SigmoidCommand: LayerCommand {
  static let name = "sigmoid"
  static let summary = "squeezed to 0...1"
  var link: Chain.Link { .activation(.sigmoid) }
}

struct TanhCommand: LayerCommand {
  static let name = "tanh"
  static let summary = "squeezed to -1...1"
  var link: Chain.Link { .activation(.tanh) }
}

struct BatchNormCommand: LayerCommand {
  static let name = "batch_norm"
  static let summary = "each channel normalised over the batch"
  var link: Chain.Link { .batchNorm }
}

struct DropoutCommand: LayerCommand {
  static let name = "dropout"
  static let summary = "features dropped at random while training"
  @Argument("share dropped", in: 0..<1) var p: Double = 0.3
  var link: Chain.Link { .dropout(p) }
}

struct PoolCommand: LayerCommand {
  static let name = "pool"
  static let summary = "half the size along every axis"
  @Argument("how") var by: Pooling = .max
  var link: Chain.Link { .pool(by) }
}

struct UpCommand: LayerCommand {
  static let name = "up"
  static let summary = "twice the size along every axis"
  @Argument("how") var by: Upsampling = .nearest
  var link: Chain.Link { .up(by) }
}
