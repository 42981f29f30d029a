import TensorEngine

/// Which elements a denoiser is blind to while it is calibrated.
public enum CalibrationMask: Sendable {
  /// One phase of a grid, replaced by the neighbours' mean: for images and volumes.
  case grid
  /// Elements at random, replaced by the mean of their column: for matrices, whose neighbours have
  /// nothing in common.
  case entries

  /// The image with elements hidden, and which those are (flat indices).
  func hiding(_ image: Image, round: Int, width: Int) throws -> (masked: Image, hidden: [Int]) {
    switch self {
    case .grid: return try CalibrationMask.grid(image, round: round, width: width)
    case .entries: return try CalibrationMask.entries(image, round: round)
    }
  }

  private static func grid(
    _ image: Image, round: Int, width: Int
  ) throws -> (masked: Image, hidden: [Int]) {
    let planes = try Planes(of: image)
    let side = min(width, planes.spatial.min() ?? width)
    let mask = try GridMask(width: side, fill: .interpolate)
    let phases = mask.phases(dimensions: planes.spatial.count)
    // From the middle of the cell on, as far apart as the rounds allow.
    let phase = (phases / 2 + round * (phases / 3 + 1)) % phases
    let batch = try Tensor(
      (0..<planes.count).flatMap(planes.values), shape: [planes.count, 1] + planes.spatial)
    let streams = (0..<planes.count).map {
      RandomStream(seed: 0, purpose: .validation, sample: $0)
    }
    let masked = try mask.hiding(phase: phase).applied(to: batch, streams: streams)
    let split = { (values: [Float]) in
      (0..<planes.count).map { Array(values[$0 * planes.area..<($0 + 1) * planes.area]) }
    }
    let hidden = try planes.assembled(split(masked.hidden.values)).tensor.values
    return (
      try planes.assembled(split(masked.input.values)), hidden.indices.filter { hidden[$0] == 1 }
    )
  }

  private static func entries(
    _ image: Image, round: Int
  ) throws -> (masked: Image, hidden: [Int]) {
    guard let columns = image.shape.last, columns > 0, image.tensor.count >= 20 else {
      throw DenoiseError("a matrix of \(image.shape.asShape) is too small to calibrate on")
    }
    var stream = RandomStream(seed: 0, purpose: .validation, step: round)
    let chosen = image.tensor.values.map { _ in stream.bernoulli(0.1) }
    var sums = [Double](repeating: 0, count: columns)
    var counts = sums
    for (index, value) in image.tensor.values.enumerated() where !chosen[index] {
      sums[index % columns] += Double(value)
      counts[index % columns] += 1
    }
    let values = image.tensor.values.enumerated().map { index, value in
      chosen[index] ? Float(sums[index % columns] / max(1, counts[index % columns])) : value
    }
    return (try image.with(values), chosen.indices.filter { chosen[$0] })
  }
}
