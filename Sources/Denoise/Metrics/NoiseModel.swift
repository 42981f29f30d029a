import TensorEngine

/// The noise of data, as far as it must be known to draw more of its kind: how strong it is at each
/// brightness, what neighbours share of it, and what channels do.
public struct NoiseModel: Sendable, Equatable {
  /// One for all channels, or one for each.
  public let curves: [NoiseCurve]
  /// How alike the noise of channels is, a row for each; empty where channels share none.
  public let sharing: [[Double]]

  /// White noise that is alike everywhere.
  ///
  /// - Parameter deviation: Above 0.
  public init(constant deviation: Double) {
    (curves, sharing) = ([NoiseCurve(constant: deviation)], [])
  }

  /// - Returns: nil where there is no curve, or `sharing` does not have a row and a column for each
  ///   channel with 1 where they meet, and -1 ... 1 elsewhere, the same both ways.
  public init?(curves: [NoiseCurve], sharing: [[Double]] = []) {
    let count = sharing.count
    guard !curves.isEmpty, count == 0 || curves.count == 1 || curves.count == count,
      sharing.allSatisfy({ $0.count == count && $0.allSatisfy { abs($0) <= 1 } }),
      (0..<count).allSatisfy({ row in
        sharing[row][row] == 1 && (0..<row).allSatisfy { sharing[row][$0] == sharing[$0][row] }
      })
    else { return nil }
    (self.curves, self.sharing) = (curves, sharing)
  }

  /// The standard deviation where noise is white, alike everywhere and in no channel like another's.
  var constant: Double? {
    curves.count == 1 && curves[0].isEven && sharing.isEmpty ? curves[0].deviations[0] : nil
  }

  /// How alike the noise of direct neighbours is, at most; 0 for white noise.
  var nearest: Double {
    curves.compactMap { $0.correlation?.coefficients.compactMap(\.first).max() }.max() ?? 0
  }

  /// The curve of a channel.
  func curve(_ channel: Int) -> NoiseCurve { curves[min(channel, curves.count - 1)] }

  /// What makes the draws of channels, one after the other, as alike as they are: the lower triangle
  /// whose product with itself turned is `sharing`.
  func mixing() -> [[Double]] {
    var rows: [[Double]] = []
    for (index, own) in sharing.enumerated() {
      var row: [Double] = []
      for column in 0..<index {
        let known = (0..<column).reduce(0.0) { $0 + row[$1] * rows[column][$1] }
        row.append(rows[column][column] > 0 ? (own[column] - known) / rows[column][column] : 0)
      }
      row.append(max(0, 1 - row.reduce(0) { $0 + $1 * $1 }).squareRoot())
      rows.append(row)
    }
    return rows
  }
}

extension NoiseModel: LosslessStringConvertible {
  /// The curves, and the rows of what channels share: `25/24/26&1,0.4,0.1&0.4,1,0.2&0.1,0.2,1`, where
  /// `25` stands for a curve of that height.
  public var description: String {
    let curves = curves.map { $0.isEven ? "\($0.typical)" : "\($0)" }.joined(separator: "/")
    let rows = sharing.map { row in "&" + row.map { "\($0)" }.joined(separator: ",") }
    return curves + rows.joined()
  }

  public init?(_ description: String) {
    let parts = description.split(separator: "&", omittingEmptySubsequences: false)
    let curves = (parts.first ?? "").split(separator: "/").map { text -> NoiseCurve? in
      guard let constant = Double(text) else { return NoiseCurve(String(text)) }
      return NoiseCurve(brightness: [0], deviations: [constant])
    }
    let rows = parts.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    self.init(curves: curves.compactMap { $0 }, sharing: Array(rows))
    guard !curves.contains(nil) else { return nil }
  }
}

// MARK: - Measuring

extension NoiseModel {
  /// Channels whose noise differs by less than this share a curve.
  private static let alike = 1.2
  /// What channels share less of is taken for chance, or less than so many of its standard deviations.
  private static let leastShared = 0.06
  private static let chance = 4.0
  /// Of more channels a guide costs too much, and what each pair shares is not asked for.
  static let mostChannels = 4
  /// In standard deviations.
  private static let outlier: Float = 4
  /// Curves that change less than this with brightness are taken for even.
  private static let changing = 1.5

  /// Measures the noise of images: block matching takes it off, and where what it leaves is flat
  /// the finest differences of what was measured tell the noise.
  ///
  /// - Parameters:
  ///   - images: of the axes `CX`, `CYX` or `CZYX`, with the same channels.
  ///   - others: more of the same kind, which tell what neighbours share of the noise.
  /// - Returns: the model and images without their noise; nil where there is none to be found.
  /// - Throws: `Interrupted`.
  static func measured(
    in images: [Image], sharing others: [Image]
  ) throws -> (model: NoiseModel, clean: [Image])? {
    let shared = try SteadyNoise.shared(of: others)
    guard var noise = try NoiseModel.curves(of: images, nil, shared) else { return nil }
    var clean: [Image] = []
    for _ in 0..<2 {
      clean = try images.map { try NoiseModel.cleaned($0, noise) }
      guard let better = try NoiseModel.curves(of: images, clean, shared) else { return nil }
      noise = better
    }
    noise = noise.map { curve in
      curve.range < changing
        ? NoiseCurve(constant: curve.typical, correlation: curve.correlation) : curve
    }
    let sharing = try NoiseModel.sharing(of: images, clean, noise)
    guard let model = NoiseModel(curves: noise, sharing: sharing) else { return nil }
    return (model, clean)
  }

  /// A curve for all channels, or one for each where they differ.
  private static func curves(
    of images: [Image], _ guides: [Image]?, _ shared: SteadyNoise?
  ) throws -> [NoiseCurve]? {
    let smooth = try GaussianFilter(["sigma": NoiseCurve.guideWidth])
    let guides = try guides ?? images.map(smooth.denoised)
    guard let all = try NoiseCurve(of: images, guides: guides, shared) else { return nil }
    let channels = images[0].shape[0]
    guard channels > 1 else { return [all] }
    let each = try (0..<channels).compactMap { channel in
      try NoiseCurve(
        of: images.map { try $0.channel(channel) }, guides: guides.map { try $0.channel(channel) },
        shared)
    }
    guard each.count == channels else { return nil }
    let typical = each.map(\.typical)
    let isAlike = (typical.max() ?? 1) < alike * (typical.min() ?? 1)
    return isAlike ? [all] : each
  }

  private static func cleaned(_ image: Image, _ curves: [NoiseCurve]) throws -> Image {
    let channels = image.shape[0]
    guard image.spatialDimensions.count > 1, channels <= mostChannels else {
      return try GaussianFilter(["sigma": NoiseCurve.guideWidth]).denoised(image)
    }
    if curves.count == 1 { return try BM3DFilter.denoised(image, noise: curves[0]) }
    let parts = try (0..<channels).map { channel in
      try BM3DFilter.denoised(image.channel(channel), noise: curves[channel]).tensor.values
    }
    return try image.with(parts.flatMap { $0 })
  }

  /// How alike the finest differences of channels are where images are flat.
  private static func sharing(
    of images: [Image], _ clean: [Image], _ curves: [NoiseCurve]
  ) throws -> [[Double]] {
    let channels = images[0].shape[0]
    guard channels > 1, channels <= mostChannels else { return [] }
    let flat = try FlatPlaces(
      of: clean.map { try $0.meanOfChannels() },
      taken: zip(images, clean).map { try $0.minus($1).meanOfChannels() }
    ).elements
    let details = try (0..<channels).map { channel -> [Float] in
      let all = try FlatPlaces.details(of: images.map { try $0.channel(channel) })
      let guide = try clean.flatMap { try $0.channel(channel).tensor.values }
      let curve = curves[min(channel, curves.count - 1)]
      return flat.map { index in
        let share = all[index] / Float(curve.deviation(at: Double(guide[index])))
        return min(outlier, max(-outlier, share))
      }
    }
    let rows = details.map { one in
      details.map { other in
        let product = zip(one, other).reduce(0.0) { $0 + Double($1.0 * $1.1) }
        let strengths = one.rootMeanSquare * other.rootMeanSquare * Double(max(1, one.count))
        return strengths > 0 ? min(1, max(-1, product / strengths)) : 0
      }
    }
    let least = max(leastShared, chance / Double(max(1, flat.count)).squareRoot())
    let isShared = rows.indices.contains { row in
      (0..<row).contains { abs(rows[row][$0]) > least }
    }
    guard isShared else { return [] }
    return rows.indices.map { row in
      rows.indices.map { row == $0 ? 1 : rows[max(row, $0)][min(row, $0)] }
    }
  }
}

extension Image {
  /// A channel of an image whose first axis is that of channels, as an image of one channel.
  fileprivate func channel(_ index: Int) throws -> Image {
    let area = shape.dropFirst().product
    let values = Array(tensor.values[index * area..<(index + 1) * area])
    return try Image(Tensor(values, shape: [1] + shape.dropFirst()), axes: axes)
  }

  fileprivate func meanOfChannels() throws -> Image {
    let (channels, area) = (shape[0], shape.dropFirst().product)
    let values = (0..<area).map { pixel in
      (0..<channels).reduce(Float(0)) { $0 + tensor.values[$1 * area + pixel] } / Float(channels)
    }
    return try Image(Tensor(values, shape: [1] + shape.dropFirst()), axes: axes)
  }
}

// MARK: - Doubts

extension NoiseModel {
  /// Of noise as strong as a curve says 6 in 100000 values lie further out than `outlier`.
  private static let mostOutliers = 0.002

  /// The share of the finest differences at flat places that lie far out.
  private func outliers(_ images: [Image], _ clean: [Image]) throws -> Double {
    let flat = try FlatPlaces(of: clean).elements
    let details = try FlatPlaces.details(of: images)
    let guide = clean.flatMap(\.tensor.values)
    let area = images.map { $0.shape.dropFirst().product }
    let channels = images[0].shape[0]
    // Elements are counted image by image, then channel by channel.
    let starts = area.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * channels) }
    var image = 0
    let shares = flat.sorted().map { index -> Float in
      while index >= starts[image + 1] { image += 1 }
      let channel = (index - starts[image]) / area[image]
      return details[index] / Float(curve(channel).deviation(at: Double(guide[index])))
    }
    let far = shares.count { abs($0) > NoiseModel.outlier }
    return Double(far) / Double(max(1, flat.count))
  }

  /// Whether the noise of images is as the model says.
  ///
  /// - Parameter clean: the images with their noise taken off.
  func explains(_ images: [Image], _ clean: [Image]) throws -> Bool {
    guard try outliers(images, clean) < NoiseModel.mostOutliers else { return false }
    if curves[0].correlation != nil { return true }
    // White noise that changes with brightness is counted, or texture was taken for it.
    return try curves.allSatisfy { $0.deviations.count == 1 }
      && !LeftOver.isShared(images, clean)
  }
}
