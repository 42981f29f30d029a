import TensorEngine

/// A block of an array: a half-open range of indices along each dimension.
public struct Region: Sendable, Equatable {
  public let ranges: [Range<Int>]

  public init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// All of an array.
  public init(whole shape: [Int]) { ranges = shape.map { 0..<$0 } }

  /// A block by axis letters; axes that are not named are whole.
  ///
  /// - Throws: `FormatError` where a letter is no axis of the image.
  public init(_ named: [Character: Range<Int>], axes: String, shape: [Int]) throws {
    if let other = named.keys.sorted().first(where: { !axes.contains($0) }) {
      throw FormatError(
        .badRequest, "the image has no axis \"\(other)\"", hint: "its axes are \"\(axes)\"")
    }
    ranges = zip(axes, shape).map { named[$0] ?? 0..<$1 }
  }

  public var shape: [Int] { ranges.map(\.count) }

  /// - Throws: `FormatError` of kind `badRequest` where the block leaves the array.
  func check(within shape: [Int], axes: String) throws {
    guard ranges.count == shape.count else {
      throw FormatError(
        .badRequest,
        "a region of \(ranges.count) dimensions does not fit an image of \(shape.count)",
        hint: "its axes are \"\(axes)\", its shape is \(shape.asShape)")
    }
    for (axis, (range, size)) in zip(axes, zip(ranges, shape)) {
      guard range.lowerBound >= 0, range.upperBound <= size else {
        throw FormatError(
          .badRequest,
          "\(range.lowerBound):\(range.upperBound) is outside axis \(axis), which has \(size)")
      }
    }
  }
}
