import TensorEngine

/// A straight chain of convolutions that predicts the noise (Zhang et al. 2017); without the
/// final subtraction where `residual` is off.
public struct DnCNN: Architecture {
  public static let name = "dncnn"

  /// Convolutions in all.
  public var depth = 8
  public var channels = 48
  public var norm = Normalizing.batch
  public var residual = false

  public init() {}

  public var multiple: Int { 1 }
  public var reach: Int { depth }
  public var options: [NamedOption] {
    [
      NamedOption("depth", depth), NamedOption("channels", channels),
      NamedOption("norm", norm.rawValue), NamedOption("residual", residual),
    ]
  }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    guard depth >= 2 else { throw DenoiseError("a DnCNN has 2 convolutions or more") }
    var x = try builder.conv(input.image, "conv0", filters: channels).relu()
    for index in 1..<depth - 1 {
      x = try builder.conv(x, "conv\(index)", filters: channels)
      if norm == .batch { x = try builder.batchNorm(x, "norm\(index)") }
      x = try x.relu()
    }
    let y = try builder.conv(x, "last", filters: result, slope: 1)
    return try residual ? input.image - y : y
  }
}

/// One convolution: the simplest blind-spot network, a linear filter.
public struct SingleConv: Architecture {
  public static let name = "single_conv"

  public var kernel = 7
  public init() {}

  public var multiple: Int { 1 }
  public var reach: Int { kernel / 2 }
  public var options: [NamedOption] { [NamedOption("kernel", kernel)] }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    try builder.conv(input.image, "conv", filters: result, kernel: kernel, slope: 1)
  }
}

/// The network for landmark tracks, one long signal of many channels: convolutions of width 3,
/// leaky ReLU 0.1, halvings by average, concatenated skips.
public struct Hourglass1D: Architecture {
  public static let name = "hourglass1d"

  public var depth = 4
  public var channels = 64

  public init() {}

  public var multiple: Int { 1 << depth }
  public var reach: Int { unet.reach }
  public var options: [NamedOption] {
    [NamedOption("depth", depth), NamedOption("channels", channels)]
  }

  private var unet: UNet {
    var unet = UNet()
    unet.depth = depth
    unet.channels = channels
    unet.growth = 1
    unet.norm = .none
    unet.activation = .leaky(0.1)
    unet.pool = .average
    return unet
  }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    guard input.image.rank == 3 else {
      throw DenoiseError(
        "`hourglass1d` is for signals along one axis",
        hint: "take `unet()` for pictures and volumes")
    }
    return try unet.build(input, channels: result, with: builder)
  }
}

/// The network of ZS-N2N (Mansour and Heckel 2023): two 3^d convolutions and a 1^d one, leaky
/// ReLU 0.2; what it predicts is the noise.
public struct ZeroShotNet: Architecture {
  public static let name = "zsn2n_net"

  public var channels = 48
  public init() {}

  public var multiple: Int { 1 }
  public var reach: Int { 2 }
  public var options: [NamedOption] { [NamedOption("channels", channels)] }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    var x = try builder.conv(input.image, "conv1", filters: channels, slope: 0.2).leakyReLU(0.2)
    x = try builder.conv(x, "conv2", filters: channels, slope: 0.2).leakyReLU(0.2)
    return try input.image
      - builder.conv(x, "last", filters: result, kernel: 1, slope: 1)
  }
}
