import TensorEngine

/// Two noisy pictures of half the size out of one (Zero-Shot Noise2Noise, Mansour and Heckel
/// 2023): of each cell of 2^d pixels, the mean of those on one diagonal and the mean of the others.
///
/// The halves show the same thing with independent noise, so each is the other's target. A second
/// loss asks that denoising and halving may change places: it brings in the picture at full size.
enum DiagonalPairs {
  /// What sides must be a multiple of, beside the network's own multiple.
  static let side = 2

  /// Both halves, [N, C, space / 2] each, of a node [N, C, space] with even sides. The first
  /// has the pixels whose coordinates in the cell add up to an even number.
  static func halves(of x: Node) throws -> [Node] {
    let space = x.rank - 2
    let coarse = x.shape.dropFirst(2).map { $0 / side }
    let members = PixelShuffle.factor(side, space: space)
    let cells = try PixelShuffle.fold(x, by: side)
      .reshape([x.shape[0], x.shape[1], members] + coarse)
    return try (0...1).map { parity in
      let share = 2 / Float(members)
      let weights = (0..<members).map { $0.nonzeroBitCount % 2 == parity ? share : 0 }
      let shape = [1, 1, members] + coarse.map { _ in 1 }
      return try (cells * x.graph.constant(Tensor(weights, shape: shape))).sum(axes: [2])
    }
  }

  /// Residual and consistency loss in one, and its terms; each pair of pictures counts half.
  static func loss(
    _ options: TrainingOptions, input: Node, hidden: Node, with builder: NetworkBuilder
  ) throws -> (total: Node, terms: [Node]) {
    let channels = input.shape[1]
    let net = options.architecture
    let halves = try halves(of: input)
    let looked = try self.halves(of: hidden)
    let both = try Node.concatenate(halves, axis: 0)
    let weights = try Node.concatenate(looked, axis: 0)
    let denoised = try net.build(NetworkInput(image: both), channels: channels, with: builder)
    let residual = try options.loss.nodes(
      prediction: denoised, target: .concatenate([halves[1], halves[0]], axis: 0), hidden: weights)
    let whole = try builder.again {
      try net.build(NetworkInput(image: input), channels: channels, with: builder)
    }
    let consistency = try options.loss.nodes(
      prediction: denoised, target: .concatenate(self.halves(of: whole), axis: 0), hidden: weights)
    return (
      try residual.total + consistency.total,
      try zip(residual.terms, consistency.terms).map { try $0 + $1 }
    )
  }
}
