import TensorEngine

/// Images made from formulas.
enum TestImages {
  /// `values[z, y, x] = 100 z + 10 y + x`, so that a value tells its place.
  static func places(_ depth: Int = 4, _ height: Int = 5, _ width: Int = 6) throws -> Image {
    let tensor = Tensor(shape: [depth, height, width]) { i in
      Float(i / (height * width) * 100 + i / width % height * 10 + i % width)
    }
    return try Image(tensor, voxel: [3, 2, 1.5], unit: "nm")
  }

  /// A smooth ramp from corner to corner with a bright disk.
  static func disk(_ side: Int = 64, centre: (row: Int, column: Int) = (40, 20)) throws -> Image {
    try Image(
      Tensor(shape: [side, side]) { i in
        let (row, column) = (i / side - centre.row, i % side - centre.column)
        return Float(i / side + i % side) / 10 + (row * row + column * column < 49 ? 80 : 0)
      })
  }

  /// Every value of 16 bits once.
  static func allWords() throws -> Image {
    try Image(Tensor(shape: [256, 256]) { Float($0) }, stored: .uint16)
  }
}
