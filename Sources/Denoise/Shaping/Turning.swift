import TensorEngine

extension Image {
  /// Content in reverse along some axes; voxel size and origin stay.
  ///
  /// - Parameter letters: Axes of the image.
  /// - Throws: `DenoiseError` where the image has no such axis.
  public func flipped(along letters: [Character]) throws -> Image {
    let dimensions = try letters.map(knownDimension)
    let orientation = try Orientation(
      permutation: Array(shape.indices), flips: shape.indices.map(dimensions.contains))
    var result = try described(by: orientation.applied(to: tensor))
    if letters.contains("C") { result.channels = channels?.reversed() }
    return result
  }

  /// Axes in another order; their letters, voxel sizes and origins go with them.
  ///
  /// - Parameter order: Each axis of the image once; reversed where nil.
  /// - Throws: `DenoiseError` where the letters are not those of the image.
  public func transposed(to order: String? = nil) throws -> Image {
    let letters = Array(order ?? String(axes.reversed()))
    guard letters.sorted() == axes.sorted() else {
      throw DenoiseError(
        "axes \"\(String(letters))\" are not those of the image, \"\(axes)\"",
        hint: "name each of its axes once, in the order wanted")
    }
    let dimensions = try letters.map(knownDimension)
    let spatial = spatialDimensions
    let places = dimensions.compactMap { spatial.firstIndex(of: $0) }
    func reordered(_ numbers: [Double]?) -> [Double]? {
      numbers.flatMap { all in all.count == spatial.count ? places.map { all[$0] } : nil }
    }
    return try Image(
      tensor.permuted(dimensions), axes: String(letters), voxel: reordered(voxel), unit: unit,
      origin: reordered(origin), stored: stored, path: path, header: header, channels: channels)
  }

  /// Quarter turns in a plane of two axes, from the first towards the second against the clock as
  /// NumPy's `rot90`: exact. Voxel sizes of the two axes change places.
  ///
  /// - Throws: `DenoiseError` where the image lacks one of the axes.
  public func quarterTurned(_ turns: Int, _ first: Character, _ second: Character) throws -> Image {
    let (a, b) = (try knownDimension(first), try knownDimension(second))
    let count = (turns % 4 + 4) % 4
    var order = Array(shape.indices)
    var flips = shape.map { _ in false }
    if count % 2 == 1 { order.swapAt(a, b) }
    if count == 1 || count == 2 { flips[a] = true }
    if count == 2 || count == 3 { flips[b] = true }
    var result = try described(
      by: Orientation(permutation: order, flips: flips).applied(to: tensor))
    let spatial = spatialDimensions
    if count % 2 == 1, let i = spatial.firstIndex(of: a), let j = spatial.firstIndex(of: b),
      voxel?.count == spatial.count
    {
      result.voxel?.swapAt(i, j)
    }
    return result
  }

  /// The dimension of an axis that must be there.
  func knownDimension(_ letter: Character) throws -> Int {
    guard let dimension = dimension(of: letter) else {
      throw DenoiseError(
        "the image has no axis \(letter.lowercased())",
        hint: "its axes are \"\(axes)\" (\(shape.asShape))")
    }
    return dimension
  }
}
