import TensorEngine

/// `diffusion_filter(steps, neighbours)`: each row of a matrix (a cell's counts) becomes a mean of
/// rows like it, by steps of a random walk among nearest neighbours (MAGIC, van Dijk et al. 2018).
///
/// Rows are compared by their leading principal components. A row's neighbours weigh
/// exp(-(d / s)^2), where s is the distance to a neighbour a third of the way out; the weights are
/// made symmetric and scaled to a sum of 1 a row, and the matrix is multiplied by them `steps`
/// times.
public struct DiffusionFilter: Denoiser {
  public static let name = "diffusion_filter"
  public static let summary = "rows of a matrix averaged with rows like them"
  public static let parameters = [steps, neighbours, components]
  public static let blindSpot = CalibrationMask.entries
  static let steps = DenoiserParameter(
    "steps", "steps of the random walk", standard: 3, in: 1...100, whole: true)
  static let neighbours = DenoiserParameter(
    "neighbours", "rows that a row is compared with", standard: 15, in: 1...1_000, whole: true)
  static let components = DenoiserParameter(
    "components", "principal components that rows are compared by", standard: 20, in: 1...500,
    whole: true)
  private static let mostRows = 50_000

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    guard image.shape.count >= 2, image.tensor.count > 0, image.shape[0] > 1 else {
      throw DenoiseError("diffusion_filter takes a matrix, not \(image.shape.asShape)")
    }
    let rows = image.shape[0]
    guard rows <= DiffusionFilter.mostRows else {
      throw DenoiseError(
        "diffusion_filter compares all rows with each other; \(rows) are too many",
        hint: "take a part, or `pca_filter`")
    }
    let columns = image.tensor.count / rows
    var values = image.tensor.values.withoutGaps
    let scores = try PCAFilter.scores(
      of: Matrix(rows: rows, columns: columns, values: values),
      components: min(rows, columns, settings.whole(DiffusionFilter.components)))
    let walk = try RandomWalk(
      among: scores, neighbours: min(rows - 1, settings.whole(DiffusionFilter.neighbours)))
    for _ in 0..<settings.whole(DiffusionFilter.steps) {
      try Interrupt.check()
      values = walk.step(values, columns: columns)
    }
    return try image.with(values)
  }
}

/// The steps from each row to its neighbours, with their probabilities.
private struct RandomWalk {
  private let links: [[(row: Int, share: Float)]]

  /// - Parameter points: one a row.
  init(among points: Matrix, neighbours: Int) throws {
    let nearest = Parallel.map(points.rows) { RandomWalk.nearest(to: $0, points, neighbours) }
    try Interrupt.check()
    var weights = nearest.map { Dictionary(uniqueKeysWithValues: $0) }
    for (row, found) in nearest.enumerated() {
      for (other, weight) in found where other != row { weights[other][row, default: 0] += weight }
    }
    links = weights.map { found in
      let total = found.sorted { $0.key < $1.key }.reduce(Float(0)) { $0 + $1.value }
      return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value / total) }
    }
  }

  /// A row itself and its neighbours, with their weights.
  private static func nearest(to row: Int, _ points: Matrix, _ count: Int) -> [(Int, Float)] {
    let own = row * points.columns
    let distances = (0..<points.rows).map { other -> (distance: Float, row: Int) in
      let start = other * points.columns
      var sum: Float = 0
      for column in 0..<points.columns {
        let difference = points.values[own + column] - points.values[start + column]
        sum += difference * difference
      }
      return (sum, other)
    }
    let sorted = distances.filter { $0.row != row }.sorted {
      ($0.distance, $0.row) < ($1.distance, $1.row)
    }
    let found = sorted.prefix(count)
    let width = max(found[max(0, (count - 1) / 3)].distance, .leastNormalMagnitude)
    return [(row, 1)] + found.map { ($0.row, Elementary.exp(-$0.distance / width)) }
  }

  func step(_ values: [Float], columns: Int) -> [Float] {
    let rows = Parallel.map(links.count) { row -> [Float] in
      var sum = [Float](repeating: 0, count: columns)
      for (other, share) in links[row] {
        for column in 0..<columns { sum[column] += share * values[other * columns + column] }
      }
      return sum
    }
    return rows.flatMap { $0 }
  }
}
