import TensorEngine

/// A flip, quarter turn or transposition of the spatial axes: an exact reordering of elements.
///
/// Result axis `a` is input axis `permutation[a]`, run backwards where `flips[a]`.
public struct Orientation: Sendable, Hashable {
  public let permutation: [Int]
  public let flips: [Bool]

  public var rank: Int { permutation.count }

  /// - Throws: `DenoiseError` where the permutation does not name each axis once.
  public init(permutation: [Int], flips: [Bool]) throws {
    guard permutation.sorted() == Array(permutation.indices), flips.count == permutation.count
    else {
      throw DenoiseError("\(permutation) with \(flips.count) flips is no orientation")
    }
    self.init(trusted: permutation, flips: flips)
  }

  init(trusted permutation: [Int], flips: [Bool]) {
    self.permutation = permutation
    self.flips = flips
  }

  public static func identity(rank: Int) -> Orientation {
    Orientation(trusted: Array(0..<rank), flips: Array(repeating: false, count: rank))
  }

  /// All orientations: 2 in 1-D, 8 in 2-D, 48 in 3-D; the identity first.
  public static func all(rank: Int) -> [Orientation] {
    let orders = Orientation.permutations(of: Array(0..<rank))
    return orders.flatMap { order in
      (0..<1 << rank).map { bits in
        Orientation(trusted: order, flips: (0..<rank).map { bits >> $0 & 1 == 1 })
      }
    }
  }

  private static func permutations(of items: [Int]) -> [[Int]] {
    if items.isEmpty { return [[]] }
    return items.indices.flatMap { index -> [[Int]] in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }

  /// The orientation that undoes this one.
  public var inverse: Orientation {
    var order = permutation
    var flipped = flips
    for (axis, source) in permutation.enumerated() {
      order[source] = axis
      flipped[source] = flips[axis]
    }
    return Orientation(trusted: order, flips: flipped)
  }

  /// This orientation after another of the same rank.
  public func after(_ first: Orientation) -> Orientation {
    Orientation(
      trusted: permutation.map { first.permutation[$0] },
      flips: zip(permutation, flips).map { first.flips[$0] != $1 })
  }

  /// The shape of a turned array.
  public func shape(of shape: [Int]) -> [Int] { permutation.map { shape[$0] } }

  /// Turns the last `rank` axes of a tensor; those before stay.
  ///
  /// - Throws: `DenoiseError` where the tensor has fewer axes.
  public func applied(to tensor: Tensor) throws -> Tensor {
    let lead = tensor.rank - rank
    guard lead >= 0 else {
      throw DenoiseError("a \(rank)-D orientation cannot turn \(tensor.shape.asShape)")
    }
    let source = Array(tensor.shape[lead...])
    let target = shape(of: source)
    let area = source.product
    guard area > 0, self != .identity(rank: rank) else {
      return try tensor.reshaped(Array(tensor.shape[..<lead]) + target)
    }
    // Rows of the result are runs of the source, with a step.
    let width = target[rank - 1]
    let step = source.strides[permutation[rank - 1]] * (flips[rank - 1] ? -1 : 1)
    let starts = rowStarts(of: source)
    let values = tensor.values
    let turned = ParallelArray.make(count: tensor.count / area, each: area) { planes in
      var result: [Float] = []
      result.reserveCapacity(planes.count * area)
      for plane in planes {
        for start in starts {
          var index = plane * area + start
          for _ in 0..<width {
            result.append(values[index])
            index += step
          }
        }
      }
      return result
    }
    return try Tensor(turned, shape: Array(tensor.shape[..<lead]) + target)
  }

  /// Where each row of the result starts in the source.
  private func rowStarts(of source: [Int]) -> [Int] {
    let strides = source.strides
    let target = shape(of: source)
    let last = rank - 1
    var starts = [flips[last] ? (target[last] - 1) * strides[permutation[last]] : 0]
    for axis in 0..<last {
      let steps = (0..<target[axis]).map { step in
        (flips[axis] ? target[axis] - 1 - step : step) * strides[permutation[axis]]
      }
      starts = starts.flatMap { base in steps.map { base + $0 } }
    }
    return starts
  }
}
