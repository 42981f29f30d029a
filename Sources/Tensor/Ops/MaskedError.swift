/// How far a prediction f is from what it is compared with, y, element by element.
public enum PixelError: Hashable, Sendable {
  /// (f - y)^2
  case squared
  /// |f - y|
  case absolute
  /// Quadratic up to the bend, then straight (Huber 1964).
  case huber(Double)
  /// sqrt((f - y)^2 + epsilon^2)
  case charbonnier(Double)
  /// f - y log f, f at least 1e-6.
  case poisson

  @inline(__always)
  func value<T: Scalar>(_ f: T, _ y: T) -> T {
    let error = f - y
    switch self {
    case .squared: return error * error
    case .absolute: return abs(error)
    case .huber(let delta):
      let size = abs(error)
      let inner = min(size, T(delta))
      return inner * inner / 2 + (size - inner) * T(delta)
    case .charbonnier(let epsilon): return (error * error + T(epsilon * epsilon)).squareRoot()
    case .poisson:
      let mean = max(f, 1e-6)
      return mean - y * T.log(mean)
    }
  }

  /// The derivative with respect to f.
  @inline(__always)
  func slope<T: Scalar>(_ f: T, _ y: T) -> T {
    let error = f - y
    switch self {
    case .squared: return 2 * error
    case .absolute: return error > 0 ? 1 : error < 0 ? -1 : 0
    case .huber(let delta): return max(-T(delta), min(T(delta), error))
    case .charbonnier(let epsilon):
      return error / (error * error + T(epsilon * epsilon)).squareRoot()
    case .poisson: return f > 1e-6 ? 1 - y / f : 0
    }
  }

  /// The derivative with respect to y.
  @inline(__always)
  func targetSlope<T: Scalar>(_ f: T, _ y: T) -> T {
    if case .poisson = self { return -T.log(max(f, 1e-6)) }
    return -slope(f, y)
  }
}

/// The sum of the errors where a mask is set, times the mask, and the sum of the mask, as [2]: in
/// one pass over prediction, target and mask, which are of one shape.
///
/// The mask has no gradient.
struct MaskedError: GenericOp {
  static let name = "masked error"
  let error: PixelError
  private static let grain = 1 << 14

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs.allSatisfy({ $0 == inputs[0] }) else {
      throw TensorError(
        "errors of \(inputs[0].asShape) against \(inputs[1].asShape) under "
          + inputs[2].asShape)
    }
    return [2]
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (f, y, mask) = (call.x[0].base, call.x[1].base, call.x[2].base)
    let count = call.x[0].count
    let parts = (count + MaskedError.grain - 1) / MaskedError.grain
    var sums = [(error: Double, mask: Double)](repeating: (0, 0), count: parts)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      Parallel.forEach(parts) { part in
        let start = part * MaskedError.grain
        let length = min(MaskedError.grain, count - start)
        let errors = ChainedSum.of(length) { i in
          // What is not looked at may be anything, infinite too.
          mask[start + i] == 0
            ? 0 : Double(mask[start + i] * error.value(f[start + i], y[start + i]))
        }
        sums[part] = (errors, ChainedSum.of(length) { Double(mask[start + $0]) })
      }
    }
    call.y.base[0] = T(sums.reduce(0) { $0 + $1.error })
    call.y.base[1] = T(sums.reduce(0) { $0 + $1.mask })
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    try (0..<2).map {
      try rule.dy.graph.apply(
        MaskedErrorGradient(error: error, ofTarget: $0 == 1), rule.x + [rule.dy])
    } + [nil]
  }
}

/// The gradient of `MaskedError` at the prediction or the target; from prediction, target, mask
/// and the gradient at the sums.
struct MaskedErrorGradient: GenericOp {
  static let name = "masked error gradient"
  let error: PixelError
  let ofTarget: Bool

  func shape(_ inputs: [[Int]]) throws -> [Int] { inputs[0] }

  func compute<T: Scalar>(_ call: Call<T>) {
    let (f, y, mask) = (call.x[0].base, call.x[1].base, call.x[2].base)
    let dy = call.x[3][0]
    Parallel.forRanges(call.y.count, grain: Grain.elementwise) { range in
      for i in range {
        let slope = ofTarget ? error.targetSlope(f[i], y[i]) : error.slope(f[i], y[i])
        call.y.base[i] = mask[i] == 0 ? 0 : mask[i] * slope * dy
      }
    }
  }

  func gradient(_ rule: Rule) throws -> [Node?] {
    throw TensorError("a masked error has no second derivative")
  }
}

extension Node {
  /// The mean of the errors against `target` where `mask` is not zero, weighted by the mask, as one
  /// number; 0 where the mask is empty. All three are of one shape.
  public func meanError(
    _ error: PixelError, against target: Node, where mask: Node
  ) throws -> Node {
    let sums = try graph.apply(MaskedError(error: error), [self, target, mask])
    return try sums.slice(axis: 0, 0..<1) / sums.slice(axis: 0, 1..<2).maximum(1)
  }
}
