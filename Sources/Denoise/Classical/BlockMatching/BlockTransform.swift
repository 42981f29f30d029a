import TensorEngine

/// A transform of blocks along all their axes, and the Haar transform across a stack.
struct BlockTransform {
  typealias Run = BlockGeometry.Run
  private typealias Block = InlineArray<8, Run>

  /// One way of the transform: a matrix along each axis, laid out flat for speed.
  private struct Way {
    /// The matrix along the outer axis (y, or z in volumes) of a block, row by row.
    let outer: [Float]
    /// The columns of the matrix along what a group of runs holds (x, or y and x), as runs.
    let inner: [Run]

    init(_ matrix: [[Double]]) {
      outer = matrix.flatMap { row in row.map { Float($0) } }
      let side = matrix.count
      // In volumes the inner part is a plane of 4 x 4: the product of the matrix with itself.
      let size = side == 8 ? 8 : side * side
      inner = (0..<size).flatMap { column in
        let line = (0..<size).map { row in
          side == 8
            ? Float(matrix[row][column])
            : Float(matrix[row / side][column / side] * matrix[row % side][column % side])
        }
        return stride(from: 0, to: size, by: 8).map { Run(line[$0..<$0 + 8]) }
      }
    }
  }

  /// How much stronger noise may be taken for than it is, in variance.
  private static let mostStacked = 4.0

  /// The matrix along an axis.
  private let matrix: [[Double]]
  private let forward: Way
  private let backward: Way
  /// Runs that share a place on the outer axis.
  private let width: Int

  private init(forward: [[Double]], backward: [[Double]]) {
    matrix = forward
    self.forward = Way(forward)
    self.backward = Way(backward)
    width = forward.count == 8 ? 1 : 2
  }

  /// The orthonormal cosine transform.
  static func cosine(side: Int) -> BlockTransform {
    let matrix = (0..<side).map { frequency in
      (0..<side).map { place in
        let angle = Double.pi * Double(frequency) * (Double(place) + 0.5) / Double(side)
        let scale = ((frequency == 0 ? 1 : 2) / Double(side)).squareRoot()
        return scale * Elementary.cos(angle)
      }
    }
    return BlockTransform(forward: matrix, backward: SmallMatrix.transposed(matrix))
  }

  /// The biorthogonal wavelet 1.5 on all scales, wrapped around, with rows of unit length so that
  /// noise is equally strong in all coefficients.
  static func biorthogonal(side: Int) -> BlockTransform {
    let low = [
      0.01657281518405971, -0.01657281518405971, -0.12153397801643787, 0.12153397801643787,
      0.7071067811865476, 0.7071067811865476, 0.12153397801643787, -0.12153397801643787,
      -0.01657281518405971, 0.01657281518405971,
    ]
    var matrix = SmallMatrix.identity(side)
    var count = side
    while count > 1 {
      var level = SmallMatrix.identity(side)
      for place in 0..<count / 2 {
        level[place] = Array(repeating: 0, count: side)
        for (tap, weight) in low.enumerated() {
          level[place][((2 * place + tap - 4) % count + count) % count] += weight
        }
        var details = Array(repeating: 0.0, count: side)
        details[2 * place] = -0.5.squareRoot()
        details[2 * place + 1] = 0.5.squareRoot()
        level[count / 2 + place] = details
      }
      matrix = SmallMatrix.product(level, matrix)
      count /= 2
    }
    let unit = matrix.map { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    return BlockTransform(forward: unit, backward: SmallMatrix.inverse(unit))
  }

  /// The variance that noise of variance 1 is taken to have in each coefficient of a stack's
  /// blocks, as their runs.
  ///
  /// Blocks that match overlap, and match the better the more alike their noise is: what neighbours
  /// share adds up in stacks. That it does so by the sum of the squared coefficients was found on
  /// pictures and volumes (docs/design.md).
  func variances(of noise: NoiseCorrelation) -> [Run] {
    let stacked = min(BlockTransform.mostStacked, noise.sumOfSquares)
    let axes = noise.coefficients.indices.map { noise.variances(of: matrix, axis: $0) }
    return (0..<8).map { run in
      var variances = Run()
      for lane in 0..<8 {
        let place = width == 1 ? [run, lane] : [run / 2, run % 2 * 2 + lane / 4, lane % 4]
        variances[lane] = Float(zip(axes, place).reduce(stacked) { $0 * $1.0[$1.1] })
      }
      return variances
    }
  }

  /// Transforms the eight runs of the block that starts at `block`.
  func transform(_ stack: inout [Run], block: Int, inverse: Bool) {
    let way = inverse ? backward : forward
    let groups = 8 / width
    var middle = Block(repeating: .zero)
    for group in 0..<groups {
      for half in 0..<width {
        let source = stack[block + group * width + half]
        for lane in 0..<8 {
          for target in 0..<width {
            middle[group * width + target] +=
              source[lane] * way.inner[(half * 8 + lane) * width + target]
          }
        }
      }
    }
    for target in 0..<groups {
      for part in 0..<width {
        var sum = Run.zero
        for group in 0..<groups {
          sum += way.outer[target * groups + group] * middle[group * width + part]
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
