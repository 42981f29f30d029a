import TensorEngine

/// An array with a margin around it, so that a window about any of its elements lies inside.
struct FramedArray {
  /// Sides with the margin.
  let shape: [Int]
  let values: [Float]
  private let inner: [Int]
  private let margin: Int

  init(_ array: [Float], shape: [Int], margin: Int, border: Border) {
    inner = shape
    self.margin = margin
    let outer = shape.map { $0 + 2 * margin }
    self.shape = outer
    let maps = shape.map { side in
      (-margin..<side + margin).map { border.index($0, count: side) ?? 0 }
    }
    var sources = [0]
    for (axis, stride) in shape.strides.enumerated() {
      sources = sources.flatMap { base in maps[axis].map { base + $0 * stride } }
    }
    values = sources.map { array[$0] }
  }

  /// Where an element of the array without margin lies.
  func index(of element: Int) -> Int {
    var rest = element
    var result = 0
    var stride = 1
    for axis in inner.indices.reversed() {
      result += (rest % inner[axis] + margin) * stride
      rest /= inner[axis]
      stride *= shape[axis]
    }
    return result
  }

  /// Distances, in elements, to all neighbours at most `radius` away along each axis.
  func offsets(radius: Int) -> [Int] {
    shape.strides.reduce([0]) { offsets, stride in
      offsets.flatMap { base in (-radius...radius).map { base + $0 * stride } }
    }
  }
}
