import TensorEngine

/// `bm3d_filter(sigma)`: block matching and collaborative filtering (Dabov et al. 2007), for grey
/// and colour pictures, and for volumes with cubes in four dimensions (Maggioni et al. 2013).
///
/// Blocks that look alike are stacked; the stack is transformed, its small coefficients are
/// removed, and the blocks go back to their places. That estimate then guides a Wiener filter of
/// the noisy stacks. Noise that neighbours share is not alike in all coefficients, and each is held
/// against its own (Dabov et al. 2008). Pictures of three channels go to opponent colours first, and
/// blocks are matched by brightness.
public struct BM3DFilter: Denoiser {
  public static let name = "bm3d_filter"
  public static let summary = "block matching and collaborative filtering (volumes: BM4D)"
  public static let parameters = [.sigma, step, search, alike]
  static let step = DenoiserParameter(
    "step", "pixels from one reference block to the next", standard: 3, in: 1...8, whole: true)
  static let search = DenoiserParameter(
    "search", "how far away blocks are looked for, in pixels (default: 19; volumes 5)",
    standard: nil, in: 1...64, whole: true)
  static let alike = DenoiserParameter(
    "correlation",
    "how alike the noise of direct neighbours is (default: estimated where sigma is, else 0)",
    standard: nil, in: 0...0.9)

  /// How far noise is shared where the parameter says how much, in pixels.
  private static let reachOfNoise = 4

  public let settings: DenoiserSettings
  /// What neighbours share of their noise, where more is known than the parameter says.
  var correlation: NoiseCorrelation?

  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    if settings.given(.sigma) == nil, settings.given(BM3DFilter.alike) == nil, correlation == nil,
      let steady = try SteadyNoise.shared(of: [image])
    {
      var told = try with(["sigma": steady.deviation])
      told.correlation = steady.correlation
      return try told.denoised(image)
    }
    let sigma = try settings.given(.sigma) ?? Metrics.noiseLevel(of: image)
    guard sigma > 0 else { return image }
    let planes = try Planes(of: image)
    guard planes.spatial.count >= 2 else {
      throw DenoiseError(
        "bm3d_filter takes pictures and volumes, not signals", hint: "use nlm_filter or tv_filter")
    }
    // Opponent colours are made of three.
    guard planes.colours == 3 else {
      return try eachPlane(of: image) { try filtered([$0], shape: $1, sigma: sigma)[0] }
    }
    return try eachPicture(of: image) { try filtered($0, shape: $1, sigma: sigma) }
  }

  /// Noise blurred so much that neighbours are as alike as the parameter says; nil for none.
  private func blurred(_ dimensions: Int) -> NoiseCorrelation? {
    guard let nearest = settings.given(BM3DFilter.alike), nearest > 0 else { return nil }
    let axis = (1...BM3DFilter.reachOfNoise).map { distance in
      Elementary.exp(Elementary.log(nearest) * Double(distance * distance))
    }
    return NoiseCorrelation(coefficients: Array(repeating: axis, count: dimensions))
  }

  private func filtered(
    _ channels: [[Float]], shape: [Int], sigma: Double
  ) throws -> [[Float]] {
    let geometry = BlockGeometry(shape: shape)
    let padding = Padding(of: shape, toMultipleOf: 1, minimum: geometry.minimumShape)
    let padded = try channels.map { channel in
      try padding.applied(to: Tensor(channel, shape: shape)).values
    }
    // All thresholds are for a noise of 25, as in the papers' pictures of 0 to 255.
    let scale = Float(25 / sigma)
    let colours = OpponentColours.split(padded).map { $0.map { $0 * scale } }
    let volume = shape.count == 3
    let engine = BlockMatchingEngine(
      geometry: BlockGeometry(shape: zip(shape, padding.after).map(+)),
      step: settings.whole(BM3DFilter.step),
      reach: Int(settings.given(BM3DFilter.search) ?? (volume ? 5 : 19)),
      correlation: correlation ?? blurred(shape.count))
    let basic = try engine.estimated(
      noisy: colours, guide: nil, stage: .threshold(side: geometry.side))
    let final = try engine.estimated(
      noisy: colours, guide: basic, stage: .wiener(side: geometry.side))
    return try OpponentColours.joined(final).map { channel in
      let tensor = try Tensor(
        channel.map { $0 / scale }, shape: zip(shape, padding.after).map(+))
      return try padding.removed(from: tensor).values
    }
  }
}

/// Brightness and two colour differences, by an orthonormal matrix, so that white noise stays white
/// and equally strong. One channel stays as it is.
private enum OpponentColours {
  private static let matrix: [[Float]] = [
    [0.57735027, 0.57735027, 0.57735027],
    [0.70710678, 0, -0.70710678],
    [0.40824829, -0.81649658, 0.40824829],
  ]

  static func split(_ channels: [[Float]]) -> [[Float]] {
    guard channels.count == 3 else { return channels }
    return matrix.map { row in mixed(channels, row) }
  }

  static func joined(_ channels: [[Float]]) -> [[Float]] {
    guard channels.count == 3 else { return channels }
    return (0..<3).map { column in mixed(channels, matrix.map { $0[column] }) }
  }

  private static func mixed(_ channels: [[Float]], _ weights: [Float]) -> [Float] {
    channels[0].indices.map { index in
      weights[0] * channels[0][index] + weights[1] * channels[1][index]
        + weights[2] * channels[2][index]
    }
  }
}
