import TensorEngine

/// Distances to the nearest chosen element of an array (Felzenszwalb and Huttenlocher 2012).
enum DistanceTransform {
  /// Farther than any element of an array.
  private static let far: Float = 1e12

  /// The squared Euclidean distance of each element to the nearest chosen one, in elements; very
  /// large where none is chosen.
  static func squared(to chosen: [Bool], shape: [Int]) -> [Float] {
    var values = chosen.map { $0 ? Float(0) : far }
    for axis in shape.indices where shape[axis] > 1 {
      values = transformed(values, shape, axis: axis)
    }
    return values
  }

  private static func transformed(_ values: [Float], _ shape: [Int], axis: Int) -> [Float] {
    let count = shape[axis]
    let inner = shape[(axis + 1)...].product
    return ParallelArray.make(count: values.count / (count * inner), each: count * inner) { slabs in
      var result = [Float](repeating: 0, count: slabs.count * count * inner)
      var line = [Float](repeating: 0, count: count)
      for (place, slab) in slabs.enumerated() {
        for offset in 0..<inner {
          for index in 0..<count { line[index] = values[(slab * count + index) * inner + offset] }
          for (index, value) in envelope(line).enumerated() {
            result[(place * count + index) * inner + offset] = value
          }
        }
      }
      return result
    }
  }

  /// The lower envelope of parabolas that stand on the elements of a line.
  private static func envelope(_ line: [Float]) -> [Float] {
    var roots: [Int] = []
    // Where each parabola begins to be the lowest.
    var starts: [Double] = []
    func crossing(_ a: Int, _ b: Int) -> Double {
      let (x, y) = (Double(a), Double(b))
      return (Double(line[b]) + y * y - Double(line[a]) - x * x) / (2 * (y - x))
    }
    for index in line.indices {
      while let last = roots.last, let start = starts.last, crossing(last, index) <= start {
        roots.removeLast()
        starts.removeLast()
      }
      starts.append(roots.last.map { crossing($0, index) } ?? -.infinity)
      roots.append(index)
    }
    var place = 0
    return line.indices.map { index in
      while place + 1 < roots.count, starts[place + 1] < Double(index) { place += 1 }
      let distance = Float(index - roots[place])
      return min(far, line[roots[place]] + distance * distance)
    }
  }
}
