import TensorEngine

/// A frame of reflected elements around the last axes of a tensor, and the way back.
///
/// The reflection does not repeat the edge (NumPy's `reflect`), and folds as often as needed where
/// the frame is wider than the data.
public struct Padding: Sendable, Equatable {
  /// Elements added before and after, for each of the last axes.
  public let before: [Int]
  public let after: [Int]

  public init(before: [Int], after: [Int]) {
    self.before = before
    self.after = after
  }

  /// The smallest padding, at the ends, that makes every side a multiple of `multiple` and at least
  /// `minimum`.
  public init(of spatial: [Int], toMultipleOf multiple: Int, minimum: [Int]? = nil) {
    let multiple = max(1, multiple)
    before = spatial.map { _ in 0 }
    after = spatial.indices.map { axis in
      let wanted = max(spatial[axis], minimum?[axis] ?? 1)
      return wanted.roundedUp(toMultipleOf: multiple) - spatial[axis]
    }
  }

  /// What fills sides up, at the ends, to larger ones.
  init(of spatial: [Int], to padded: [Int]) {
    self.init(before: spatial.map { _ in 0 }, after: zip(padded, spatial).map(-))
  }

  /// Where each element of a padded axis comes from.
  ///
  /// - Parameters:
  ///   - axis: counted among the padded ones.
  ///   - count: the axis's side without the frame, 1 or more.
  func sources(along axis: Int, count: Int) -> [Int] {
    (-before[axis]..<count + after[axis]).map { Border.reflect.index($0, count: count) ?? 0 }
  }

  /// - Throws: `DenoiseError` for negative widths, a tensor with too few axes, or an empty side.
  public func applied(to tensor: Tensor) throws -> Tensor {
    let lead = tensor.rank - before.count
    guard lead >= 0, after.count == before.count, (before + after).allSatisfy({ $0 >= 0 }),
      tensor.shape.dropFirst(lead).allSatisfy({ $0 > 0 })
    else {
      throw DenoiseError("cannot pad \(tensor.shape.asShape) by \(before) and \(after)")
    }
    if (before + after).allSatisfy({ $0 == 0 }) { return tensor }
    var shape = tensor.shape
    var values = tensor.values
    for axis in before.indices {
      let count = shape[lead + axis]
      let padded = before[axis] + count + after[axis]
      let inner = shape[(lead + axis + 1)...].reduce(1, *)
      var result: [Float] = []
      result.reserveCapacity(values.count / count * padded)
      let sources = sources(along: axis, count: count)
      for outer in 0..<shape[..<(lead + axis)].reduce(1, *) {
        for source in sources {
          let start = (outer * count + source) * inner
          result.append(contentsOf: values[start..<start + inner])
        }
      }
      values = result
      shape[lead + axis] = padded
    }
    return try Tensor(values, shape: shape)
  }

  /// Cuts the frame off again.
  ///
  /// - Throws: `DenoiseError` where the tensor is smaller than the frame.
  public func removed(from tensor: Tensor) throws -> Tensor {
    let lead = tensor.rank - before.count
    guard lead >= 0 else {
      throw DenoiseError("cannot crop \(tensor.shape.asShape) by \(before) and \(after)")
    }
    let size = before.indices.map { tensor.shape[lead + $0] - before[$0] - after[$0] }
    let box = Box(
      origin: Array(repeating: 0, count: lead) + before, size: Array(tensor.shape[..<lead]) + size)
    guard box.fits(tensor.shape) else {
      throw DenoiseError("cannot crop \(tensor.shape.asShape) by \(before) and \(after)")
    }
    return try Tensor(box.values(of: tensor.values, shape: tensor.shape), shape: box.size)
  }
}
