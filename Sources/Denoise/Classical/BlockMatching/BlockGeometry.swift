/// How blocks of 64 pixels lie in a picture (8 x 8) or a volume (4 x 4 x 4).
///
/// A block is eight runs of eight pixels. At each place of the array a run begins: eight pixels of
/// a row, or in volumes two rows of four. Runs are kept for all places, so that reading one is one
/// load.
struct BlockGeometry {
  typealias Run = SIMD8<Float>

  let shape: [Int]
  /// Distances from a block's place to those of its eight runs.
  let runs: [Int]
  /// Distances from a run's place to its eight pixels.
  let pixels: [Int]
  /// Pixels along each axis of a block.
  let side: Int

  init(shape: [Int]) {
    self.shape = shape
    let width = shape[shape.count - 1]
    if shape.count == 2 {
      side = 8
      runs = (0..<8).map { $0 * width }
      pixels = Array(0..<8)
    } else {
      side = 4
      let plane = shape[1] * width
      runs = (0..<8).map { ($0 / 2) * plane + ($0 % 2) * 2 * width }
      pixels = (0..<8).map { ($0 / 4) * width + $0 % 4 }
    }
  }

  /// Sides below which no block fits.
  var minimumShape: [Int] { shape.map { _ in side } }

  /// Places of reference blocks along an axis: every `step`, and the last.
  func references(axis: Int, step: Int) -> [Int] {
    let last = shape[axis] - side
    let places = Array(stride(from: 0, through: last, by: step))
    return places.last == last ? places : places + [last]
  }

  /// The runs at all places; beyond the end, zeros.
  func runs(of values: [Float]) -> [Run] {
    let reach = pixels[7]
    let padded = values + [Float](repeating: 0, count: reach)
    return ParallelArray.make(count: values.count) { range in
      range.map { place in
        var run = Run()
        for lane in 0..<8 { run[lane] = padded[place + pixels[lane]] }
        return run
      }
    }
  }
}
