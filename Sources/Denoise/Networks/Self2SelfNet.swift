import TensorEngine

/// The Self2Self network (Quan et al. 2020): partial convolutions in the encoder, nearest-neighbour
/// decoder with concatenated skips, the raw masked input among them, and dropout that stays on at
/// prediction.
public struct Self2SelfNet: Architecture {
  public static let name = "self2self"

  /// Halvings; a patch's sides must be multiples of 2^levels.
  public var levels = 5
  public var encoder = 48
  public var decoder = 96
  /// Widths before the last layer.
  public var tail = [64, 32]
  public var dropout = 0.3
  public var last = Activation.sigmoid
  /// Partial convolutions (Liu et al. 2018) in the encoder, which see no hidden pixel.
  public var partial = true
  private let activation = Activation.leaky(0.1)

  public init() {}

  public var multiple: Int { 1 << levels }
  public var readsMask: Bool { partial }
  public var reach: Int { (5 << levels) - 4 + tail.count }

  public var options: [NamedOption] {
    [
      NamedOption("levels", levels), NamedOption("encoder", encoder),
      NamedOption("decoder", decoder),
      NamedOption("tail", "[" + tail.map(String.init).joined(separator: ", ") + "]"),
      NamedOption("dropout", dropout), NamedOption("last", last.text),
      NamedOption("partial", partial),
    ]
  }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    let shape = input.image.shape
    guard levels >= 1, tail.allSatisfy({ $0 > 0 }), !tail.isEmpty else {
      throw DenoiseError("a Self2Self network needs one level and one tail width at least")
    }
    guard shape.dropFirst(2).allSatisfy({ $0 % multiple == 0 && $0 > 0 }) else {
      throw DenoiseError(
        "a patch of \(Array(shape.dropFirst(2)).asShape) does not halve \(levels) times",
        hint: "take sides that are multiples of \(multiple), or fewer `levels`")
    }
    let ones = builder.trace.graph.constant(1)
    let visible = try input.visible ?? ones.broadcast(to: shape)
    var x = Masked(
      image: partial && input.visible != nil ? try input.image * visible : input.image,
      visible: visible)
    var skips = [input.image]
    x = try encode(x, "enc0", builder)
    for level in 1...levels {
      x = try encode(x, "enc\(level)", builder)
      x = Masked(
        image: try builder.pool(x.image, "pool\(level)", .max), visible: try x.visible.maxPooled(2))
      if level < levels { skips.append(x.image) }
    }
    var y = try encode(x, "bottom", builder).image
    for level in (1..<levels).reversed() {
      y = try decode(y, skip: skips[level], "dec\(level)", [decoder, decoder], builder)
    }
    y = try decode(y, skip: skips[0], "tail", tail, builder)
    y = try builder.dropout(y, "drop", probability: dropout, always: true)
    y = try builder.conv(y, "last", filters: result, slope: 1)
    return try builder.activation(y, last)
  }

  private struct Masked {
    /// Zero where nothing is visible.
    let image: Node
    /// 1 or 0: of one channel for all, or one for each.
    let visible: Node
  }

  /// A partial convolution: what is hidden counts as nothing, and the sum is scaled up by the
  /// share that is visible. A place stays hidden while its whole window is.
  private func encode(_ x: Masked, _ name: String, _ builder: NetworkBuilder) throws -> Masked {
    guard partial else {
      let y = try builder.conv(x.image, name, filters: encoder, slope: activation.slope)
      return Masked(image: try builder.activation(y, activation), visible: x.visible)
    }
    let graph = builder.trace.graph
    let window = [1, x.visible.shape[1]] + Array(repeating: 3, count: x.image.rank - 2)
    let seen = try x.visible.convolved(
      with: graph.constant(Tensor(repeating: 1, shape: window)))
    let any = try seen.minimum(1)
    let share = try any * (Double(window.product) / seen.maximum(1))
    let sum = try builder.conv(
      x.image, name, filters: encoder, bias: false, slope: activation.slope)
    let bias = try builder.parameter(
      name + ".bias", shape: [1, encoder] + window.dropFirst(2).map { _ in 1 },
      initial: .constant(0))
    let y = try sum.partiallyFinished(share: share, bias: bias.reshape([encoder]))
    return Masked(image: try builder.activation(y, activation), visible: any)
  }

  private func decode(
    _ x: Node, skip: Node, _ name: String, _ widths: [Int], _ builder: NetworkBuilder
  ) throws -> Node {
    try builder.scope(name) {
      let up = try builder.upsample(x, "up", .nearest, filters: 0)
      // Dropped one by one, so that the convolution reads both without a copy of them joined.
      var y = try Node.concatenate(
        [up, skip].enumerated().map {
          try builder.dropout(
            $0.element, $0.offset == 0 ? "drop1" : "drop1 of skip", probability: dropout,
            always: true)
        }, axis: 1)
      for (index, width) in widths.enumerated() {
        if index > 0 {
          y = try builder.dropout(y, "drop\(index + 1)", probability: dropout, always: true)
        }
        y = try builder.conv(y, "conv\(index + 1)", filters: width, slope: activation.slope)
        y = try builder.activation(y, activation)
      }
      return y
    }
  }
}
