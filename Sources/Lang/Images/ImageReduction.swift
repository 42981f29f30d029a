import TensorEngine

/// Sums, means and their like, added up in double precision.
enum ImageReduction {
  /// The smallest and largest number, NaNs left out; nil where there is none.
  static func range(of values: [Float]) -> (low: Float, high: Float)? {
    var low = Float.infinity
    var high = -Float.infinity
    for value in values {
      if value < low { low = value }
      if value > high { high = value }
    }
    return low <= high ? (low, high) : nil
  }

  /// One number of all. `std` divides by the count, as NumPy does.
  ///
  /// - Throws: `LangError` for the mean, extremes, deviation or median of nothing.
  static func total(_ reduction: Reduction, of values: [Float]) throws -> Double {
    guard !values.isEmpty || reduction == .sum else {
      throw LangError("`\(reduction.rawValue)` of an image without elements")
    }
    switch reduction {
    case .sum: return sum(values)
    case .mean: return sum(values) / Double(values.count)
    case .min:
      return Double(
        values.reduce(Float.infinity) { $1.isNaN || $0.isNaN ? .nan : Swift.min($0, $1) })
    case .max:
      return Double(
        values.reduce(-Float.infinity) { $1.isNaN || $0.isNaN ? .nan : Swift.max($0, $1) })
    case .std:
      let mean = sum(values) / Double(values.count)
      var squares = 0.0
      for value in values { squares += (Double(value) - mean) * (Double(value) - mean) }
      return (squares / Double(values.count)).squareRoot()
    case .median:
      var copy = values
      return median(&copy)
    }
  }

  /// Along one dimension, which goes away.
  static func along(_ dimension: Int, _ reduction: Reduction, of tensor: Tensor) throws -> Tensor {
    let shape = tensor.shape
    let length = shape[dimension]
    let inner = shape[(dimension + 1)...].reduce(1, *)
    var target = shape
    target.remove(at: dimension)
    let values = tensor.values
    if length == 0, target.product > 0, reduction != .sum {
      throw LangError("`\(reduction.rawValue)` of an axis without elements")
    }
    var line = [Float](repeating: 0, count: length)
    var result: [Float] = []
    result.reserveCapacity(target.product)
    for element in 0..<target.product {
      let (outer, offset) = element.quotientAndRemainder(dividingBy: max(1, inner))
      let start = outer * length * inner + offset
      for index in 0..<length { line[index] = values[start + index * inner] }
      result.append(Float(try total(reduction, of: line)))
    }
    return try Tensor(result, shape: target)
  }

  private static func sum(_ values: [Float]) -> Double {
    // Four sums at a time, in a fixed order, keep the adder busy and the result repeatable.
    var lanes = SIMD4<Double>()
    var index = 0
    while index + 4 <= values.count {
      lanes += SIMD4(
        Double(values[index]), Double(values[index + 1]), Double(values[index + 2]),
        Double(values[index + 3]))
      index += 4
    }
    var total = lanes.sum()
    while index < values.count {
      total += Double(values[index])
      index += 1
    }
    return total
  }

  /// The middle value, or the mean of the two in the middle.
  private static func median(_ values: inout [Float]) -> Double {
    if values.contains(where: \.isNaN) { return .nan }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1
      ? Double(values[middle]) : (Double(values[middle - 1]) + Double(values[middle])) / 2
  }
}
