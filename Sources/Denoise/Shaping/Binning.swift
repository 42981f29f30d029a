import TensorEngine

/// How `bin` joins the elements of a cell.
public enum BinReduction: String, Sendable, CaseIterable {
  case mean, sum
}

extension Image {
  /// Space in cells of several elements, each joined to one; what does not fill a cell at the end
  /// of an axis is left out.
  ///
  /// The voxel grows by the factor, and the origin moves to the middle of the first cell.
  ///
  /// - Parameter factors: Elements a cell, one number for all spatial axes or one each.
  /// - Throws: `DenoiseError` where a factor is below 1 or larger than the side.
  public func binned(by factors: [Int], _ reduction: BinReduction = .mean) throws -> Image {
    let factors = try perSpatialAxis(factors, "factor")
    let spatial = spatialDimensions
    for (axis, factor) in zip(spatial, factors) where !(1...max(1, shape[axis])).contains(factor) {
      throw DenoiseError(
        "\(shape.asShape) cannot be binned by \(factor)",
        hint: "a factor is a whole number from 1 to the side of the image")
    }
    var values = tensor.values
    var current = shape
    for (axis, factor) in zip(spatial, factors) where factor > 1 {
      values = Image.joined(values, current, axis: axis, factor: factor)
      current[axis] /= factor
    }
    let share = reduction == .mean ? 1 / Float(factors.product) : 1
    if share != 1 { values = values.map { $0 * share } }
    var steps = shape.map { _ in 0.0 }
    for (axis, factor) in zip(spatial, factors) { steps[axis] = Double(factor - 1) / 2 }
    var result = try described(by: Tensor(values, shape: current))
    result.origin = movedOrigin(by: steps)
    if let voxel, voxel.count == factors.count {
      result.voxel = zip(voxel, factors).map { $0 * Double($1) }
    }
    // Means and sums are no counts of the stored type any more.
    if factors.contains(where: { $0 > 1 }) { result.stored = .float32 }
    return result
  }

  /// Sums of `factor` neighbours along one axis.
  private static func joined(
    _ values: [Float], _ shape: [Int], axis: Int, factor: Int
  ) -> [Float] {
    let inner = shape[(axis + 1)...].product
    let (old, new) = (shape[axis], shape[axis] / factor)
    return ParallelArray.make(count: shape[..<axis].product * new, each: inner) { cells in
      var result = [Float](repeating: 0, count: cells.count * inner)
      for (place, cell) in cells.enumerated() {
        let first = cell / new * old + cell % new * factor
        for line in first..<first + factor {
          for offset in 0..<inner {
            result[place * inner + offset] += values[line * inner + offset]
          }
        }
      }
      return result
    }
  }
}
