/// An image whose elements are read block by block: one in memory, or a file that may be larger
/// than it.
public protocol ImageSource: Sendable {
  /// One letter an axis, slowest first, as `Image.axes`.
  var axes: String { get }
  var shape: [Int] { get }
  /// Size of a voxel along the spatial axes, in the order of `axes`; nil where unknown.
  var voxel: [Double]? { get }
  /// Unit of `voxel`.
  var unit: String? { get }
  /// The type of the elements in the file the image came from.
  var stored: StoredType { get }
  /// The elements of a block, row-major; may be called from several threads at once.
  ///
  /// - Parameter block: a half-open range along each axis, inside the image.
  /// - Throws: where the file cannot be read, or the block lies outside.
  func values(in block: [Range<Int>]) throws -> [Float]
}

extension ImageSource {
  public var count: Int { shape.product }

  /// The dimension of an axis letter.
  public func dimension(of axis: Character) -> Int? {
    axes.firstIndex(of: axis).map { axes.distance(from: axes.startIndex, to: $0) }
  }

  /// Dimensions of `Z`, `Y`, `X` that are there, in the order of `axes`.
  public var spatialDimensions: [Int] {
    axes.enumerated().filter { "ZYX".contains($0.element) }.map(\.offset)
  }

  /// Calls `body` with all elements in their order, piece by piece.
  ///
  /// - Parameter limit: elements of a piece, about; a row at least.
  public func forEachPiece(of limit: Int = 1 << 22, _ body: ([Float]) throws -> Void) throws {
    if shape.contains(0) { return }
    // Trailing axes are whole as far as they fit; the one before them is cut into ranges.
    var whole = shape.count
    var inner = 1
    while whole > 0, whole == shape.count || inner * shape[whole - 1] <= limit {
      whole -= 1
      inner *= shape[whole]
    }
    guard whole > 0 else { return try body(values(in: shape.map { 0..<$0 })) }
    let cut = whole - 1
    let each = max(1, limit / inner)
    let outer = Array(shape[..<cut])
    for index in 0..<outer.product {
      var rest = index
      let place = outer.strides.map { stride in
        defer { rest %= stride }
        return rest / stride..<rest / stride + 1
      }
      for start in stride(from: 0, to: shape[cut], by: each) {
        try Interrupt.check()
        let range = start..<min(shape[cut], start + each)
        try body(values(in: place + [range] + shape[whole...].map { 0..<$0 }))
      }
    }
  }
}

extension Image: ImageSource {
  public func values(in block: [Range<Int>]) throws -> [Float] {
    guard block.count == shape.count,
      zip(block, shape).allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= $1 })
    else { throw TensorError("no block \(block) in an image of \(shape.asShape)") }
    if block.map(\.count) == shape { return tensor.values }
    return try tensor.sliced(
      starts: block.map(\.lowerBound), steps: block.map { _ in 1 }, target: block.map(\.count)
    ).values
  }
}
