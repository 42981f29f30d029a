import Denoise
import TensorEngine
import Testing

/// Every architecture, small, with the options that change what it sees.
struct Network: Sendable, CustomTestStringConvertible {
  let label: String
  let architecture: any Architecture
  var dimensions = 1...3

  init(_ label: String, _ architecture: any Architecture, dimensions: ClosedRange<Int> = 1...3) {
    self.label = label
    self.architecture = architecture
    self.dimensions = dimensions
  }

  var testDescription: String { label }

  static func unet(_ change: (inout UNet) -> Void = { _ in }) -> UNet {
    var net = UNet()
    net.depth = 1
    net.channels = 4
    net.blocks = 1
    net.norm = .none
    change(&net)
    return net
  }

  static let all: [Network] =
    unets + [
      Network("self2self", self2self(partial: true)),
      Network("self2self plain", self2self(partial: false)),
      Network("dncnn", dncnn(residual: false)),
      Network("dncnn residual", dncnn(residual: true)),
      Network("hourglass1d", hourglass, dimensions: 1...1),
      Network("single_conv", SingleConv()),
      Network("zsn2n", zeroShot),
      Network(
        "chain",
        Chain([
          .conv(filters: 4, kernel: 3), .batchNorm, .activation(.relu), .pool(.max),
          .conv(filters: 3, kernel: 5), .activation(.leaky(0.1)), .up(.linear),
          .conv(filters: 4, kernel: 1),
        ])),
      Network(
        "chain maxblur transpose",
        Chain([
          .conv(filters: 3, kernel: 3), .activation(.tanh), .pool(.maxblur),
          .conv(filters: 3, kernel: 3), .up(.transpose),
        ])),
    ]

  private static let unets: [Network] = [
    Network("unet", unet()),
    Network("unet depth 2", unet { $0.depth = 2 }),
    Network("unet two blocks", unet { $0.blocks = 2 }),
    Network("unet batch norm", unet { $0.norm = .batch }),
    Network(
      "unet average linear add",
      unet {
        $0.pool = .average
        $0.up = .linear
        $0.skips = .add
      }),
    Network(
      "unet maxblur transpose",
      unet {
        $0.pool = .maxblur
        $0.up = .transpose
        $0.topSkip = false
      }),
    Network(
      "unet no skips residual",
      unet {
        $0.skips = .none
        $0.residual = true
        $0.last = .tanh
      }),
    Network(
      "unet unshuffled mask channel",
      unet {
        $0.unshuffle = 2
        $0.readsMask = true
        $0.residual = true
        $0.activation = .leaky(0.1)
        $0.lastStart = 0.2
      }),
    Network(
      "unet kernel 5 dropout",
      unet {
        $0.kernel = 5
        $0.dropout = 0.2
      }),
  ]

  private static func self2self(partial: Bool) -> Self2SelfNet {
    var net = Self2SelfNet()
    net.levels = 2
    net.encoder = 4
    net.decoder = 5
    net.tail = [4, 3]
    net.partial = partial
    return net
  }

  private static func dncnn(residual: Bool) -> DnCNN {
    var net = DnCNN()
    net.depth = 3
    net.channels = 4
    net.residual = residual
    return net
  }

  private static let hourglass: Hourglass1D = {
    var net = Hourglass1D()
    net.depth = 2
    net.channels = 4
    return net
  }()

  private static let zeroShot: ZeroShotNet = {
    var net = ZeroShotNet()
    net.channels = 4
    return net
  }()
}

/// A network written down for a batch, with fresh parameters, outside any training.
struct WrittenNetwork {
  let trace: Trace
  let inputs: [Node]
  let output: Node
  let parameters: Parameters

  init(_ architecture: any Architecture, shape: [Int], training: Bool, seed: UInt64 = 1) throws {
    trace = Trace(training: training)
    let image = trace.graph.input("image", shape: shape)
    let visible = trace.graph.input("visible", shape: shape)
    output = try architecture.build(
      NetworkInput(image: image, visible: visible), channels: shape[1],
      with: NetworkBuilder(trace))
    inputs = [image, visible]
    parameters = Parameters(layout: trace.layout, seed: seed)
  }

  func plan() throws -> Plan {
    try Plan(
      trace.graph, outputs: [output], inputs: inputs, parameters: ParameterBuffer(parameters))
  }
}
