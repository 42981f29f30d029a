import TensorEngine

/// An image taken apart into its spatial arrays: one for each sample, time and channel.
struct Planes {
  /// Sides of a plane, in the order Z, Y, X of the image's axes.
  let spatial: [Int]
  /// The axes before the spatial ones, slowest first, and their sizes.
  let leading: [Int]
  private let image: Image
  /// The image's dimensions with the spatial ones last.
  private let order: [Int]
  private let moved: [Float]

  var count: Int { leading.product }
  var area: Int { spatial.product }

  /// - Throws: `DenoiseError` for an image without space axes or without elements.
  init(of image: Image) throws {
    let space = image.spatialDimensions
    guard !space.isEmpty, image.tensor.count > 0 else {
      throw DenoiseError(
        "an image of \(image.shape.asShape) with axes \"\(image.axes)\" has no spatial extent")
    }
    let others = image.shape.indices.filter { !space.contains($0) }
    self.image = image
    order = others + space
    spatial = space.map { image.shape[$0] }
    leading = others.map { image.shape[$0] }
    moved = try Orientation(
      permutation: order, flips: order.map { _ in false }
    ).applied(to: image.tensor).values
  }

  /// How many planes that follow each other are the colours of one picture: the channels, where
  /// they are the last axis before the space and at most four; else 1.
  var colours: Int {
    guard let axis = image.dimension(of: "C"), (2...4).contains(image.shape[axis]),
      image.axes.last(where: { !"ZYX".contains($0) }) == "C"
    else { return 1 }
    return image.shape[axis]
  }

  /// Elements of one plane, row-major.
  func values(_ plane: Int) -> [Float] { Array(moved[plane * area..<(plane + 1) * area]) }

  /// The image with other planes in the place of its own.
  ///
  /// - Throws: `DenoiseError` where there are not as many elements.
  func assembled(_ planes: [[Float]]) throws -> Image {
    let tensor = try Tensor(planes.flatMap { $0 }, shape: leading + spatial)
    let back = try Orientation(permutation: order, flips: order.map { _ in false }).inverse
    return try image.with(back.applied(to: tensor).values)
  }
}
