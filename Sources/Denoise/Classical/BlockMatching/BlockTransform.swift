import TensorEngine

/// The orthonormal cosine transform of blocks (all axes), and the Haar transform across a stack.
struct BlockTransform {
  typealias Run = BlockGeometry.Run

  /// The matrix along the outer axis (y, or z in volumes) of a block.
  private let outer: [[Float]]
  /// The columns of the matrix along what a group of runs holds (x, or y and x), as runs.
  private let inner: [[Run]]
  /// The same of the inverse: the rows.
  private let innerInverse: [[Run]]
  /// Runs that share a place on the outer axis.
  private let width: Int

  init(side: Int) {
    let cosine = BlockTransform.cosineMatrix(side)
    outer = cosine
    width = side == 8 ? 1 : 2
    // In volumes the inner part is a plane of 4 x 4: the product of the matrix with itself.
    let matrix: [[Float]] =
      side == 8
      ? cosine
      : (0..<16).map { row in
        (0..<16).map { cosine[row / 4][$0 / 4] * cosine[row % 4][$0 % 4] }
      }
    let size = matrix.count
    let columns = (0..<size).map { column in (0..<size).map { matrix[$0][column] } }
    inner = columns.map(BlockTransform.packed)
    innerInverse = matrix.map(BlockTransform.packed)
  }

  private static func packed(_ line: [Float]) -> [Run] {
    stride(from: 0, to: line.count, by: 8).map { Run(line[$0..<$0 + 8]) }
  }

  private static func cosineMatrix(_ count: Int) -> [[Float]] {
    (0..<count).map { frequency in
      (0..<count).map { place in
        let angle = Double.pi * Double(frequency) * (Double(place) + 0.5) / Double(count)
        let scale = ((frequency == 0 ? 1 : 2) / Double(count)).squareRoot()
        return Float(scale * Elementary.cos(angle))
      }
    }
  }

  /// Transforms the eight runs of the block that starts at `block`.
  func transform(_ stack: inout [Run], block: Int, inverse: Bool) {
    let groups = 8 / width
    var middle = [Run](repeating: .zero, count: 8)
    let lines = inverse ? innerInverse : inner
    for group in 0..<groups {
      for half in 0..<width {
        let source = stack[block + group * width + half]
        for lane in 0..<8 {
          let line = lines[half * 8 + lane]
          for target in 0..<width {
            middle[group * width + target] += source[lane] * line[target]
          }
        }
      }
    }
    for target in 0..<groups {
      for part in 0..<width {
        var sum = Run.zero
        for group in 0..<groups {
          let weight = inverse ? outer[group][target] : outer[target][group]
          sum += weight * middle[group * width + part]
        }
        stack[block + target * width + part] = sum
      }
    }
  }

  /// The Haar transform across the `count` blocks (a power of two) of a stack.
  static func haar(_ stack: inout [Run], count: Int, scratch: inout [Run]) {
    let root = Float(0.5).squareRoot()
    var length = count
    while length > 1 {
      let half = length / 2
      for pair in 0..<half {
        for run in 0..<8 {
          let (a, b) = (stack[16 * pair + run], stack[16 * pair + 8 + run])
          scratch[8 * pair + run] = (a + b) * root
          scratch[8 * (half + pair) + run] = (a - b) * root
        }
      }
      for run in 0..<8 * length { stack[run] = scratch[run] }
      length = half
    }
  }

  static func inverseHaar(_ stack: inout [Run], count: Int, scratch: inout [Run]) {
    let root = Float(0.5).squareRoot()
    var length = 2
    while length <= count {
      let half = length / 2
      for pair in 0..<half {
        for run in 0..<8 {
          let (a, b) = (stack[8 * pair + run], stack[8 * (half + pair) + run])
          scratch[16 * pair + run] = (a + b) * root
          scratch[16 * pair + 8 + run] = (a - b) * root
        }
      }
      for run in 0..<8 * length { stack[run] = scratch[run] }
      length *= 2
    }
  }
}
