import TensorEngine

/// Where patches are taken from: a list of images, each its own size, perhaps only from a region.
public struct PatchSampler: Sendable {
  /// One patch: the image's place in the list and the corner of the patch in it.
  public struct Place: Sendable, Equatable {
    public let image: Int
    public let origin: [Int]

    public init(image: Int, origin: [Int]) {
      self.image = image
      self.origin = origin
    }
  }

  public let patch: [Int]
  private let shapes: [[Int]]
  /// Sums of the images' shares so far, and inside each image of its region's weights.
  private let imageWeights: [Double]
  private let regionWeights: [[Double]?]

  /// - Parameters:
  ///   - shapes: Spatial sides of the images.
  ///   - patch: Sides of a patch.
  ///   - regions: For each image, weights of its pixels (of the image's spatial shape, none
  ///     negative), or nil for all alike. Patches lie so that a pixel drawn by weight is in them.
  ///   - even: Whether images are drawn equally often; else by their size or weight.
  /// - Throws: `DenoiseError` where a patch does not fit or a region is empty.
  public init(
    shapes: [[Int]], patch: [Int], regions: [Tensor?]? = nil, even: Bool = false
  ) throws {
    guard !shapes.isEmpty else { throw DenoiseError("there are no images to take patches from") }
    for shape in shapes {
      guard shape.count == patch.count, zip(patch, shape).allSatisfy({ $0 >= 1 && $0 <= $1 })
      else {
        throw DenoiseError(
          "a patch of \(patch.asShape) does not fit an image of \(shape.asShape)",
          hint: "use a smaller patch")
      }
    }
    if let regions, regions.count != shapes.count {
      throw DenoiseError("\(shapes.count) images need as many regions, not \(regions.count)")
    }
    self.patch = patch
    self.shapes = shapes
    var total = 0.0
    var images: [Double] = []
    var inside: [[Double]?] = []
    for (index, shape) in shapes.enumerated() {
      let sums = try regions?[index].map { try PatchSampler.cumulative($0, shape: shape) }
      inside.append(sums)
      total += even ? 1 : sums?.last ?? Double(shape.product)
      images.append(total)
    }
    imageWeights = images
    regionWeights = inside
  }

  private static func cumulative(_ region: Tensor, shape: [Int]) throws -> [Double] {
    guard region.shape == shape else {
      throw DenoiseError(
        "the region is \(region.shape.asShape), the image \(shape.asShape)",
        hint: "a region is an image of the same size")
    }
    guard region.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw DenoiseError("the region has negative weights or ones that are no numbers")
    }
    var sum = 0.0
    let sums = region.values.map { weight in
      sum += Double(weight)
      return sum
    }
    guard sum > 0 else { throw DenoiseError("the region is empty") }
    return sums
  }

  /// How many patches tile the data: the images' pixels over a patch's, rounded up.
  public var tilingCount: Int {
    let area = patch.product
    return shapes.reduce(0) { $0 + ($1.product + area - 1) / area }
  }

  /// Draws a place; images by their size or weight, or equally often.
  ///
  /// Corners are drawn past the border and moved back inside, so that a pixel at the edge is seen
  /// as often as one in the middle; without that, nets denoise badly near edges.
  public func draw(_ stream: inout RandomStream) -> Place {
    let image = PatchSampler.pick(imageWeights, &stream)
    let shape = shapes[image]
    let origin: [Int]
    if let weights = regionWeights[image] {
      let pixel = shape.position(of: PatchSampler.pick(weights, &stream))
      origin = pixel.indices.map { pixel[$0] - stream.int(below: patch[$0]) }
    } else {
      origin = shape.indices.map {
        stream.int(below: shape[$0] + patch[$0] - 1) - (patch[$0] - 1)
      }
    }
    return Place(
      image: image,
      origin: origin.indices.map { min(max(0, origin[$0]), shape[$0] - patch[$0]) })
  }

  /// An index drawn by weight, from sums of the weights.
  private static func pick(_ sums: [Double], _ stream: inout RandomStream) -> Int {
    guard let total = sums.last else { return 0 }
    let fine = (Double(stream.next()) + Double(stream.next()) * 0x1p-32) * 0x1p-32
    let target = fine * total
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// A patch of a sample, `[…, spatial…]`, read from its file where it lies there.
  ///
  /// - Throws: `DenoiseError` where the place lies outside; what reading a file throws.
  func patch(at place: Place, of sample: SampleArray) throws -> Tensor {
    let lead = sample.rank - patch.count
    guard lead >= 0, place.origin.count == patch.count else {
      throw DenoiseError("no patch of \(patch.asShape) in \(sample.shape.asShape)")
    }
    return try sample.patch(
      Box(
        origin: Array(repeating: 0, count: lead) + place.origin,
        size: Array(sample.shape[..<lead]) + patch))
  }

  /// A patch of an image `[…, spatial…]`.
  ///
  /// - Throws: `DenoiseError` where the place lies outside.
  public func patch(at place: Place, of image: Tensor) throws -> Tensor {
    let lead = image.rank - patch.count
    guard lead >= 0, place.origin.count == patch.count else {
      throw DenoiseError("no patch of \(patch.asShape) in \(image.shape.asShape)")
    }
    let box = Box(
      origin: Array(repeating: 0, count: lead) + place.origin,
      size: Array(image.shape[..<lead]) + patch)
    guard box.fits(image.shape) else {
      throw DenoiseError("no patch of \(patch.asShape) in \(image.shape.asShape)")
    }
    return try Tensor(box.values(of: image.values, shape: image.shape), shape: box.size)
  }
}
