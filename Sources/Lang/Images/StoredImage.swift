import TensorEngine

/// An image that stays where it is kept, such as a file larger than memory, and is read where it is
/// needed: `vol[z=64]` reads one slice.
public protocol StoredImage: HostObject {
  /// As `Image.axes`.
  var axes: String { get }
  var shape: [Int] { get }
  /// A block of it.
  ///
  /// - Parameter block: a half-open range along each axis.
  /// - Throws: where it cannot be read, or does not fit in memory.
  func part(_ block: [Range<Int>]) throws -> Image
}

extension StoredImage {
  /// All of it in memory.
  public func whole() throws -> Image { try part(shape.map { 0..<$0 }) }

  /// What indices choose: of the file no more than the block around that is read.
  func value(at indices: [Index]) throws -> Image {
    let cuts = try ImageIndexing.cuts(indices, shape: shape, axes: axes)
    let parts = zip(cuts, shape).map { cut, size in Self.span(cut, size: size) }
    return try part(parts.map(\.range)).slice(parts.map(\.cut))
  }

  /// The range a cut lies in, and the cut in that range.
  private static func span(_ cut: AxisCut, size: Int) -> (range: Range<Int>, cut: AxisCut) {
    switch cut {
    case .at(let index): return (index..<index + 1, .at(0))
    case .range(let start, let count, let step):
      guard count > 0 else { return (0..<0, .range(start: 0, count: 0, step: 1)) }
      let end = start + (count - 1) * step
      let low = min(start, end)
      return (low..<max(start, end) + 1, .range(start: start - low, count: count, step: step))
    case .pick(let indices):
      guard let low = indices.min(), let high = indices.max() else {
        return (0..<0, .pick([]))
      }
      return (low..<high + 1, .pick(indices.map { $0 - low }))
    }
  }
}

extension ImageSource {
  /// One line: shape, axes, type and voxel size.
  public var line: String { ImageText.described(self) }
}

extension StoredImage {
  /// Arithmetic reads all of it.
  public func combined(
    _ operation: BinaryFunction, with other: Value, isLeft: Bool
  ) throws -> Value? {
    let own = Value.image(try whole())
    return try ImageOperands.binary(operation, isLeft ? own : other, isLeft ? other : own)
  }
}

extension Value {
  /// The image kept elsewhere, where the value is one.
  public var asStoredImage: (any StoredImage)? {
    if case .host(let object) = self { object as? any StoredImage } else { nil }
  }
}
