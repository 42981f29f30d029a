import TensorEngine

/// Blocks of arrays that are in memory.
enum Block {
  /// The elements of a block, row-major. The block lies within the array.
  static func copy(_ region: Region, of values: [Float], shape: [Int]) -> [Float] {
    guard let last = region.ranges.last, region.shape.product > 0 else {
      return region.shape.product > 0 ? values : []
    }
    let strides = shape.strides
    var result: [Float] = []
    result.reserveCapacity(region.shape.product)
    var counter = OuterIndex(Array(region.shape.dropLast()))
    repeat {
      var start = last.lowerBound
      for (axis, index) in counter.index.enumerated() {
        start += (region.ranges[axis].lowerBound + index) * strides[axis]
      }
      result += values[start..<(start + last.count)]
    } while counter.advance()
    return result
  }
}
