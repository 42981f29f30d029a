import TensorEngine

/// An encoder and decoder joined level by level (Ronneberger et al. 2015): `blocks` convolutions a
/// level, halved between encoder levels, doubled between decoder levels.
public struct UNet: Architecture {
  public static let name = "unet"

  /// Levels below the first.
  public var depth = 2
  /// Channels of the first level.
  public var channels = 32
  /// Channels grow by this factor a level.
  public var growth = 2.0
  public var kernel = 3
  /// Convolutions a level, on each side.
  public var blocks = 2
  public var norm = Normalizing.batch
  public var activation = Activation.relu
  public var pool = Pooling.max
  public var up = Upsampling.nearest
  public var skips = Skips.concat
  /// Whether the first level hands its features over too (Noise2Void 2 does without).
  public var topSkip = true
  /// Whether the network predicts what is to be added to its input.
  public var residual = false
  /// Space is folded into channels by this factor first and unfolded last; 1 for none.
  public var unshuffle = 1
  /// What the result goes through.
  public var last = Activation.none
  public var dropout = 0.0
  /// Whether the mask of visible pixels is one more input channel.
  public var readsMask = false
  /// Standard deviation the last layer starts with; He's where nil.
  public var lastStart: Double?

  public init() {}

  public var multiple: Int { unshuffle << depth }

  public var reach: Int {
    let side = kernel / 2
    let between = pool.reach + up.reach
    let result = (0..<max(0, depth)).reduce(blocks * side << depth) { result, level in
      result + (2 * blocks * side + between) << level
    }
    return result * unshuffle + unshuffle - 1
  }

  public var options: [NamedOption] {
    [
      NamedOption("depth", depth), NamedOption("channels", channels), NamedOption("growth", growth),
      NamedOption("kernel", kernel), NamedOption("blocks", blocks),
      NamedOption("norm", norm.rawValue), NamedOption("activation", activation.text),
      NamedOption("pool", pool.rawValue), NamedOption("up", up.rawValue),
      NamedOption("skips", skips.rawValue), NamedOption("top_skip", topSkip),
      NamedOption("residual", residual), NamedOption("unshuffle", unshuffle),
      NamedOption("last", last.text), NamedOption("dropout", dropout),
      NamedOption("mask_channel", readsMask),
    ] + (lastStart.map { [NamedOption("last_start", $0)] } ?? [])
  }

  public func build(
    _ input: NetworkInput, channels result: Int, with builder: NetworkBuilder
  ) throws -> Node {
    try check(input.image.shape)
    var x = input.image
    if readsMask { x = try withMask(input, builder) }
    x = try PixelShuffle.fold(x, by: unshuffle)
    let ending = ending(input.wanted, of: Array(x.shape.dropFirst(2)))
    var skipped: [Node] = []
    for level in 0..<depth {
      x = try block(x, "down\(level)", width(level), builder)
      skipped.append(x)
      x = try builder.pool(x, "pool\(level)", pool)
    }
    x = try block(x, "bottom", width(depth), builder)
    for level in (0..<depth).reversed() {
      x = try builder.upsample(x, "up\(level)", up, filters: width(level))
      x = try join(x, skipped[level], level, builder)
      x = try block(
        x, "dec\(level)", width(level), builder, within: level == 0 ? ending?.frame : nil)
    }
    let channelsOut = result * PixelShuffle.factor(unshuffle, space: x.rank - 2)
    x = try builder.conv(
      x, "last", filters: channelsOut, kernel: 1, slope: 1,
      initial: lastStart.map { .normal(std: Float($0)) })
    if let ending { x = try x.window(ending.kept) }
    x = try builder.activation(PixelShuffle.unfold(x, by: unshuffle), last)
    guard residual else { return x }
    let image = try input.image.slice(axis: 1, 0..<result)
    guard ending != nil, let wanted = input.wanted else { return try x + image }
    return try x + image.window(wanted)
  }

  /// What the last level computes where only a part of the result is wanted: its first convolution a
  /// frame around that part, which the others eat up; `kept` is where the part lies in the frame.
  private func ending(_ wanted: Box?, of space: [Int]) -> (frame: Box, kept: Box)? {
    guard let wanted, depth > 0, blocks > 0, wanted.size.count == space.count,
      (wanted.origin + wanted.size).allSatisfy({ $0 % unshuffle == 0 })
    else { return nil }
    let margin = (blocks - 1) * (kernel / 2)
    let first = wanted.origin.map { $0 / unshuffle }
    let count = wanted.size.map { $0 / unshuffle }
    // From even places to even places, so that upsampled pixels are whole.
    let start = first.map { max(0, $0 - margin) / 2 * 2 }
    let end = space.indices.map { min(space[$0], (first[$0] + count[$0] + margin + 1) / 2 * 2) }
    let frame = Box(origin: start, size: zip(end, start).map(-))
    if frame.size == space { return nil }
    return (frame, Box(origin: zip(first, start).map(-), size: count))
  }

  private func check(_ shape: [Int]) throws {
    guard depth >= 0, depth <= 8, channels > 0, blocks > 0, unshuffle > 0, growth > 0 else {
      throw DenoiseError("a U-Net needs a depth of 0 to 8, and channels and blocks of 1 or more")
    }
    guard shape.dropFirst(2).allSatisfy({ $0 % multiple == 0 && $0 > 0 }) else {
      throw DenoiseError(
        "a patch of \(Array(shape.dropFirst(2)).asShape) does not halve \(depth) times",
        hint: "take sides that are multiples of \(multiple)")
    }
  }

  private func width(_ level: Int) -> Int {
    var width = Double(channels)
    for _ in 0..<level { width *= growth }
    return max(1, Int(width.rounded()))
  }

  private func block(
    _ x: Node, _ name: String, _ filters: Int, _ builder: NetworkBuilder, within frame: Box? = nil
  ) throws -> Node {
    try builder.scope(name) {
      try (1...blocks).reduce(x) { x, index in
        var y = try builder.conv(
          x, "conv\(index)", filters: filters, kernel: kernel, slope: activation.slope)
        if index == 1, let frame { y = try y.window(frame) }
        if norm == .batch { y = try builder.batchNorm(y, "norm\(index)") }
        y = try builder.activation(y, activation)
        return try builder.dropout(y, "drop\(index)", probability: dropout, always: false)
      }
    }
  }

  private func join(
    _ x: Node, _ skip: Node, _ level: Int, _ builder: NetworkBuilder
  ) throws -> Node {
    guard topSkip || level > 0 else { return x }
    switch skips {
    case .none: return x
    case .concat: return try .concatenate([x, skip], axis: 1)
    case .add:
      if x.shape == skip.shape { return try x + skip }
      return try builder.conv(x, "join\(level)", filters: skip.shape[1], kernel: 1, slope: 1) + skip
    }
  }

  /// The image with the share of visible channels at each pixel as one more channel.
  private func withMask(_ input: NetworkInput, _ builder: NetworkBuilder) throws -> Node {
    let image = input.image
    let one = [image.shape[0], 1] + image.shape.dropFirst(2)
    let visible =
      try input.visible?.mean(axes: [1], keep: true)
      ?? builder.trace.graph.constant(1).broadcast(to: one)
    return try .concatenate([image, visible], axis: 1)
  }
}

extension Node {
  /// A box of the space, all samples and channels.
  fileprivate func window(_ box: Box) throws -> Node {
    try slice(
      starts: [0, 0] + box.origin, steps: shape.map { _ in 1 }, target: shape.prefix(2) + box.size)
  }
}

/// Space folded into channels and back (Shi et al. 2016), in any number of space axes.
enum PixelShuffle {
  static func factor(_ side: Int, space: Int) -> Int {
    Array(repeating: side, count: space).product
  }

  /// [N, C, s…] to [N, C side^d, s / side…].
  static func fold(_ x: Node, by side: Int) throws -> Node {
    guard side > 1 else { return x }
    let space = Array(x.shape.dropFirst(2))
    let split = Array(x.shape.prefix(2)) + space.flatMap { [$0 / side, side] }
    let coarse = space.indices.map { 2 + 2 * $0 }
    let fine = space.indices.map { 3 + 2 * $0 }
    return try x.reshape(split).permute([0, 1] + fine + coarse)
      .reshape(
        [x.shape[0], x.shape[1] * factor(side, space: space.count)] + space.map { $0 / side })
  }

  /// The inverse of `fold`.
  static func unfold(_ x: Node, by side: Int) throws -> Node {
    guard side > 1 else { return x }
    let space = Array(x.shape.dropFirst(2))
    let channels = x.shape[1] / factor(side, space: space.count)
    let split = [x.shape[0], channels] + space.map { _ in side } + space
    let order = space.indices.flatMap { [2 + space.count + $0, 2 + $0] }
    return try x.reshape(split).permute([0, 1] + order)
      .reshape([x.shape[0], channels] + space.map { $0 * side })
  }
}
