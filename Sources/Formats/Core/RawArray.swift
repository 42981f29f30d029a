import TensorEngine

/// An array that lies in a file uncompressed, row-major, from some position on.
struct RawArray {
  let source: ByteSource
  /// Where the first number lies, in bytes.
  let offset: Int
  /// Slowest dimension first.
  let shape: [Int]
  let codec: NumberCodec

  /// Bytes of the whole array; nil where they do not fit an `Int`.
  var byteCount: Int? { (shape + [codec.type.size]).checkedProduct }

  /// - Throws: `FormatError` where the file is too short for the array that its header promises.
  func checkLength() throws {
    guard shape.allSatisfy({ $0 >= 0 }), let byteCount,
      !offset.addingReportingOverflow(byteCount).overflow
    else {
      throw FormatError.damaged(
        source.path, "its header promises the impossible shape \(shape.asShape)")
    }
    guard let size = source.size, offset + byteCount > size else { return }
    throw FormatError.damaged(
      source.path,
      "its header promises \(shape.asShape) \(codec.type.rawValue), which takes "
        + "\(ByteCount(offset + byteCount)); the file has \(ByteCount(size))",
      hint: "it was not copied or written to the end, or its header is wrong")
  }

  /// The numbers of a block, row-major. The caller has checked the block and the memory for it.
  ///
  /// - Throws: `FormatError` where the file ends early, `Interrupted` where the user stops it.
  func values(in region: Region) throws -> [Float] {
    if region.shape.contains(0) { return [] }
    // Trailing dimensions that are whole are read in one go with the one before them.
    var split = shape.count
    while split > 0, region.ranges[split - 1] == 0..<shape[split - 1] { split -= 1 }
    let runAxis = max(0, split - 1)
    let inner = shape.dropFirst(runAxis + 1).reduce(1, *)
    let run = (region.ranges.isEmpty ? 1 : region.ranges[runAxis].count) * inner
    let strides = shape.strides
    let first = zip(region.ranges, strides).reduce(0) { $0 + $1.0.lowerBound * $1.1 }
    let outer = Array(region.shape.prefix(runAxis))
    let (offset, size) = (offset, codec.type.size)
    return try RawRuns(source: source, codec: codec, count: outer.product, length: run) { index in
      var (rest, start) = (index, first)
      for axis in outer.indices.reversed() {
        start += rest % outer[axis] * strides[axis]
        rest /= outer[axis]
      }
      return offset + start * size
    }.values()
  }
}

/// Counts through the indices of some dimensions, the last one fastest.
struct OuterIndex {
  let shape: [Int]
  private(set) var index: [Int]

  init(_ shape: [Int]) {
    self.shape = shape
    index = shape.map { _ in 0 }
  }

  /// Goes on to the next index; false after the last.
  mutating func advance() -> Bool {
    for axis in shape.indices.reversed() {
      index[axis] += 1
      if index[axis] < shape[axis] { return true }
      index[axis] = 0
    }
    return false
  }
}
