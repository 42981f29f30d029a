/// A part of a picture, in pixels.
public struct PictureRegion: Sendable, Equatable {
  public let row: Int
  public let column: Int
  public let height: Int
  public let width: Int

  public init(row: Int, column: Int, height: Int, width: Int) {
    self.row = row
    self.column = column
    self.height = height
    self.width = width
  }

  /// - Throws: `GraphicsError` where the part does not lie in a picture of that size.
  func checked(width: Int, height: Int) throws {
    guard row >= 0, column >= 0, self.width > 0, self.height > 0,
      self.width <= width - column, self.height <= height - row
    else {
      throw GraphicsError(
        "the region of \(self.height)x\(self.width) at row \(row), column \(column) does not lie "
          + "in the picture of \(height)x\(width)")
    }
  }

  /// The window of a given size with the most structure: the largest sum of squared differences
  /// between neighbouring cells of 2x2 pixels, in which noise counts less than edges.
  ///
  /// - Parameter plane: its first channel is looked at.
  public static func mostStructure(in plane: Plane, width: Int, height: Int) -> PictureRegion {
    let columns = plane.width / 2
    let rows = plane.height / 2
    guard columns > 1, rows > 1 else {
      return PictureRegion(row: 0, column: 0, height: height, width: width)
    }
    let sums = cumulative(edges(cells(plane, columns, rows), columns, rows), columns, rows)
    let wide = max(1, min(columns, width / 2))
    let tall = max(1, min(rows, height / 2))
    let step = max(1, min(wide, tall) / 8)
    var best = (score: -1.0, row: 0, column: 0)
    for row in stride(from: 0, through: rows - tall, by: step) {
      for column in stride(from: 0, through: columns - wide, by: step) {
        let score =
          sums[(row + tall) * (columns + 1) + column + wide]
          - sums[row * (columns + 1) + column + wide]
          - sums[(row + tall) * (columns + 1) + column] + sums[row * (columns + 1) + column]
        if score > best.score * (1 + 1e-9) { best = (score, row, column) }
      }
    }
    return PictureRegion(
      row: min(best.row * 2, plane.height - height),
      column: min(best.column * 2, plane.width - width), height: height, width: width)
  }

  private static func cells(_ plane: Plane, _ columns: Int, _ rows: Int) -> [Double] {
    (0..<rows * columns).map { i in
      let corner = i / columns * 2 * plane.width + i % columns * 2
      let four = [corner, corner + 1, corner + plane.width, corner + plane.width + 1]
      let mean = four.reduce(0.0) { $0 + Double(plane.values[$1]) } / 4
      return mean.isFinite ? mean : 0
    }
  }

  private static func edges(_ cells: [Double], _ columns: Int, _ rows: Int) -> [Double] {
    (0..<rows * columns).map { i in
      let right = i % columns + 1 < columns ? cells[i + 1] - cells[i] : 0
      let below = i / columns + 1 < rows ? cells[i + columns] - cells[i] : 0
      return right * right + below * below
    }
  }

  /// Sums over all rectangles from the upper left corner, one row and column wider.
  private static func cumulative(_ values: [Double], _ columns: Int, _ rows: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: (columns + 1) * (rows + 1))
    for row in 0..<rows {
      var line = 0.0
      for column in 0..<columns {
        line += values[row * columns + column]
        sums[(row + 1) * (columns + 1) + column + 1] = sums[row * (columns + 1) + column + 1] + line
      }
    }
    return sums
  }
}
