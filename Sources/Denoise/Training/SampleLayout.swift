import TensorEngine

/// How an image of any axes is a list of samples [channels, space…], and the way back.
public struct SampleLayout: Sendable {
  /// Dimensions of the image in the order samples, channels, space.
  private let order: [Int]
  private let samples: [Int]
  private let channels: Int
  /// Sides of the space.
  public let space: [Int]
  /// Whether the image had an axis of channels.
  private let hasChannels: Bool

  /// - Throws: `DenoiseError` where the image has no space or more than three axes of it.
  public init(of image: any ImageSource) throws {
    let letters = Array(image.axes)
    if let other = letters.first(where: { $0 == "Q" }) {
      throw DenoiseError(
        "axis `\(other)` of \"\(image.axes)\" is not known to be space, channel or sample",
        hint: "say what the axes are: `load FILE axes=\"ZYX\"`")
    }
    let sampleAxes = letters.indices.filter { "ST".contains(letters[$0]) }
    let channelAxes = letters.indices.filter { letters[$0] == "C" }
    let spaceAxes = letters.indices.filter { "ZYX".contains(letters[$0]) }
    guard !spaceAxes.isEmpty else {
      throw DenoiseError("an image of axes \"\(image.axes)\" has no space to denoise in")
    }
    guard image.shape.allSatisfy({ $0 > 0 }) else {
      throw DenoiseError("an image of shape \(image.shape.asShape) is empty")
    }
    order = sampleAxes + channelAxes + spaceAxes
    samples = sampleAxes.map { image.shape[$0] }
    channels = channelAxes.map { image.shape[$0] }.reduce(1, *)
    hasChannels = !channelAxes.isEmpty
    space = spaceAxes.map { image.shape[$0] }
  }

  public var sampleCount: Int { samples.product }
  public var channelCount: Int { channels }

  /// The samples, each [channels, space…].
  public func samples(of image: Image) throws -> [Tensor] {
    let all = try image.tensor.permuted(order).reshaped([sampleCount, channels] + space)
    return try (0..<sampleCount).map { try all.part($0) }
  }

  /// The index along each axis of samples of a sample.
  func lead(_ sample: Int) -> [Int] { samples.position(of: sample) }

  /// Whether the image's axes are samples, channels and space already, as those of files are.
  var isPlain: Bool { order == Array(order.indices) }
  /// Whether the image has an axis of channels.
  var namesChannels: Bool { hasChannels }

  /// The samples, each [channels, space…]; those of an image that is not in memory stay where they
  /// are.
  func arrays(of image: any ImageSource) throws -> [SampleArray] {
    if let image = image as? Image { return try samples(of: image).map { SampleArray($0) } }
    guard isPlain else {
      throw DenoiseError(
        "a file of axes \"\(image.axes)\" cannot be read patch by patch",
        hint: "load it first")
    }
    return (0..<sampleCount).map {
      SampleArray(image, lead: lead($0), shape: [channels] + space)
    }
  }

  /// Samples of this layout as an image described like `image`.
  public func image(from parts: [Tensor], like image: Image) throws -> Image {
    let sides = samples + (hasChannels ? [channels] : []) + space
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    var result = image
    result.tensor = try Tensor.stacked(parts).reshaped(sides).permuted(inverse)
    return result
  }
}
