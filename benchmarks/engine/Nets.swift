import Denoise
import TensorEngine

/// The networks that are measured: those of `torch_step.py`, with its shapes.
enum Net: String, CaseIterable {
  /// 2-D U-Net with batch norm, 128 patches of 64 x 64.
  case n2v2d
  /// 3-D U-Net without a norm, 4 patches of 64 x 64 x 64.
  case unet3d
  /// The Self2Self network with dropout, one colour picture of 256 x 256.
  case s2s

  var batch: Int { [.n2v2d: 128, .unet3d: 4, .s2s: 1][self] ?? 1 }
  var size: Int { self == .s2s ? 256 : 64 }
  /// The size that a prediction is measured on, one sample.
  var inferenceSize: Int { [.n2v2d: 1024, .unet3d: 128, .s2s: 256][self] ?? 64 }
  var channels: Int { self == .s2s ? 3 : 1 }
  var axes: Int { self == .unet3d ? 3 : 2 }

  var architecture: any Architecture {
    switch self {
    case .n2v2d: return UNet()
    case .unet3d:
      var net = UNet()
      net.channels = 16
      net.norm = .none
      return net
    case .s2s:
      var net = Self2SelfNet()
      net.partial = false
      return net
    }
  }

  func shape(batch: Int, size: Int) -> [Int] {
    [batch, channels] + Array(repeating: size, count: axes)
  }

  /// Operations of the convolutions in a forward pass and in a whole step, as `torch_step.py`
  /// counts them: every multiplication and addition of the plain convolution, nothing folded.
  func operations(_ shape: [Int]) throws -> (forward: Double, step: Double) {
    let trace = Trace(training: true)
    let builder = NetworkBuilder(trace)
    let input = trace.graph.input("x", shape: shape)
    _ = try architecture.build(NetworkInput(image: input), channels: channels, with: builder)
    let weights = trace.layout.entries.filter { $0.shape.count > 2 }
    let convolutions = builder.layers.filter { $0.kind.hasPrefix("conv") }
    let each = zip(convolutions, weights).map { layer, weight in
      2 * Double(shape[0]) * Double(layer.shape.dropFirst().reduce(1, *))
        * Double(weight.shape.reduce(1, *))
    }
    let total = each.reduce(0, +)
    return (total, 3 * total - (each.first ?? 0))
  }
}
