import TensorEngine

extension Image {
  /// The order of axes in which stacks are made.
  private static let canonical = Array("STCZYX")

  /// Images of one shape along a new axis, which takes its place in the order S T C Z Y X. The
  /// description is that of the first.
  ///
  /// - Parameters:
  ///   - letter: The new axis.
  ///   - spacing: Distance of neighbours along a new spatial axis, in the voxel's unit; without it
  ///     the voxel size is not known any more.
  /// - Throws: `DenoiseError` where shapes or axes differ, there is no image, or the axis is there.
  public static func stacked(
    _ images: [Image], along letter: Character, spacing: Double? = nil
  ) throws -> Image {
    guard let first = images.first else { throw DenoiseError("there is nothing to stack") }
    if let other = images.first(where: { $0.shape != first.shape || $0.axes != first.axes }) {
      throw DenoiseError(
        "images of \(first.shape.asShape) \(first.axes) and \(other.shape.asShape) \(other.axes) "
          + "do not stack", hint: "`crop` or `pad` them to one shape")
    }
    guard first.dimension(of: letter) == nil else {
      throw DenoiseError(
        "the images have an axis \(letter.lowercased()) already",
        hint: "`concat` joins along an axis that is there")
    }
    let letters = Array(first.axes)
    let rank = canonical.firstIndex(of: letter) ?? 0
    let place =
      letters.firstIndex { (canonical.firstIndex(of: $0) ?? 0) > rank } ?? letters.count
    let front = try Tensor.stacked(images.map(\.tensor))
    var order = Array(1..<front.rank)
    order.insert(0, at: place)
    var named = letters
    named.insert(letter, at: place)
    let isSpace = "ZYX".contains(letter)
    let spatialPlace = letters[..<place].filter { "ZYX".contains($0) }.count
    func extended(_ numbers: [Double]?, _ number: Double?) -> [Double]? {
      guard isSpace, var all = numbers else { return numbers }
      guard let number, spatialPlace <= all.count else { return nil }
      all.insert(number, at: spatialPlace)
      return all
    }
    return try Image(
      front.permuted(order), axes: String(named), voxel: extended(first.voxel, spacing),
      unit: first.unit, origin: extended(first.origin, spacing == nil ? nil : 0),
      stored: common(images), path: nil, header: nil,
      channels: letter == "C" ? nil : first.channels)
  }

  /// The images along an axis, which goes away.
  ///
  /// - Throws: `DenoiseError` where the image has no such axis, or no other.
  public func unstacked(along letter: Character) throws -> [Image] {
    let dimension = try knownDimension(letter)
    guard tensor.rank > 1 else {
      throw DenoiseError("an image of one axis cannot be taken apart into images")
    }
    var letters = Array(axes)
    letters.remove(at: dimension)
    let spatial = spatialDimensions
    let kept = spatial.indices.filter { spatial[$0] != dimension }
    func without(_ numbers: [Double]?) -> [Double]? {
      guard let numbers, numbers.count == spatial.count, !kept.isEmpty else { return nil }
      return kept.map { numbers[$0] }
    }
    let front = try tensor.permuted([dimension] + shape.indices.filter { $0 != dimension })
    return try (0..<shape[dimension]).map { index in
      try Image(
        front.part(index), axes: String(letters), voxel: without(voxel), unit: unit,
        origin: without(origin), stored: stored, path: path, header: header,
        channels: letter == "C" ? nil : channels)
    }
  }

  /// Images one after another along an axis that they have.
  ///
  /// - Throws: `DenoiseError` where axes or other sides differ.
  public static func joined(_ images: [Image], along letter: Character) throws -> Image {
    guard let first = images.first else { throw DenoiseError("there is nothing to join") }
    let dimension = try first.knownDimension(letter)
    func others(_ image: Image) -> [Int] {
      image.shape.indices.filter { $0 != dimension }.map { image.shape[$0] }
    }
    if let other = images.first(where: { $0.axes != first.axes || others($0) != others(first) }) {
      throw DenoiseError(
        "images of \(first.shape.asShape) \(first.axes) and \(other.shape.asShape) \(other.axes) "
          + "do not join along \(letter.lowercased())",
        hint: "all sides but the one along that axis must agree")
    }
    var result = try first.described(
      by: Tensor.concatenate(images.map(\.tensor), axis: dimension))
    result.stored = common(images)
    let names = images.compactMap(\.channels)
    if letter == "C" { result.channels = names.count == images.count ? names.flatMap { $0 } : nil }
    return result
  }

  /// The type that all images were stored as, or else `float32`.
  private static func common(_ images: [Image]) -> StoredType {
    let types = Set(images.map(\.stored))
    return types.count == 1 ? types.first ?? .float32 : .float32
  }
}
