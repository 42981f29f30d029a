/// A box of an n-d array: where it starts and how far it goes along each axis.
public struct Box: Sendable, Hashable {
  public var origin: [Int]
  public var size: [Int]

  public init(origin: [Int], size: [Int]) {
    self.origin = origin
    self.size = size
  }

  /// All positions at most `radius` from `center` along every axis, cut at the array's borders.
  public init(around center: [Int], radius: [Int], within shape: [Int]) {
    origin = zip(center, radius).map { max(0, $0 - $1) }
    size = []
    for axis in shape.indices {
      size.append(min(shape[axis] - 1, center[axis] + radius[axis]) - origin[axis] + 1)
    }
  }

  public var end: [Int] { zip(origin, size).map(+) }
  public var count: Int { size.reduce(1, *) }

  /// Whether every position of the box lies in an array of the shape.
  public func fits(_ shape: [Int]) -> Bool {
    origin.count == shape.count && size.count == shape.count
      && shape.indices.allSatisfy {
        origin[$0] >= 0 && size[$0] >= 0 && origin[$0] <= shape[$0] - size[$0]
      }
  }

  /// Calls `body` with the flat range of each row (a run along the last axis) in a row-major array
  /// of the shape, in order. The box must fit the shape.
  public func forEachRow(in shape: [Int], _ body: (Range<Int>) throws -> Void) rethrows {
    guard let width = size.last, !size.contains(0) else {
      if size.isEmpty { try body(0..<1) }
      return
    }
    let strides = shape.strides
    var position = origin
    while true {
      let start = zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }
      try body(start..<start + width)
      var axis = size.count - 2
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < origin[axis] + size[axis] { break }
        position[axis] = origin[axis]
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// As `forEachRow`, with rows that follow each other in the array taken together.
  public func forEachRun(in shape: [Int], _ body: (Range<Int>) throws -> Void) rethrows {
    var (box, shape) = (self, shape)
    while shape.count > 1, let width = shape.last, box.size.last == width {
      shape.removeLast()
      box.origin.removeLast()
      box.size.removeLast()
      shape[shape.count - 1] *= width
      box.origin[shape.count - 1] *= width
      box.size[shape.count - 1] *= width
    }
    try box.forEachRow(in: shape, body)
  }

  /// The box's elements of an array of the shape, row-major.
  public func values(of array: [Float], shape: [Int]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    forEachRow(in: shape) { result.append(contentsOf: array[$0]) }
    return result
  }

  /// Puts as many values as the box has, row-major, in its place in an array of the shape.
  public func lay(_ values: [Float], into array: inout [Float], shape: [Int]) {
    var position = 0
    forEachRow(in: shape) { row in
      array.replaceSubrange(row, with: values[position..<position + row.count])
      position += row.count
    }
  }
}

extension [Int] {
  /// The position of a flat index in a row-major array of this shape.
  func position(of index: Int) -> [Int] {
    var rest = index
    return strides.map { stride in
      defer { rest %= Swift.max(1, stride) }
      return rest / Swift.max(1, stride)
    }
  }
}
