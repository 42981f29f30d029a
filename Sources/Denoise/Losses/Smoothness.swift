import TensorEngine

/// Total variation of the output (Rudin, Osher and Fatemi 1992): the mean over all elements of the
/// length of the gradient by forward differences; those past the edge count as zero.
public struct TotalVariation: LossTerm {
  /// Rotation-invariant: the Euclidean length; else the sum of the absolute differences.
  public let isotropic: Bool
  /// Order of the differences: 1, or 2 for a term that spares slopes.
  public let order: Int

  /// - Throws: `DenoiseError` for an order other than 1 or 2.
  public init(isotropic: Bool = false, order: Int = 1) throws {
    guard (1...2).contains(order) else {
      throw DenoiseError("total variation is of order 1 or 2, not \(order)")
    }
    self.isotropic = isotropic
    self.order = order
  }

  public var description: String {
    (order == 1 ? "tv" : "tv2") + (isotropic ? "(isotropic=true)" : "")
  }

  public func value(prediction: Node, target: Node, hidden: Node) throws -> Node {
    let differences = try (2..<prediction.rank).map { try difference(prediction, $0) }
    guard let first = differences.first else { throw DenoiseError("no axis to vary along") }
    if isotropic {
      let squares = try differences.dropFirst().reduce(first.square()) { try $0 + $1.square() }
      return try (squares + 1e-12).sqrt().mean()
    }
    return try differences.dropFirst().reduce(first.abs()) { try $0 + $1.abs() }.mean()
  }

  /// Differences of the order along an axis, with zeros where the axis ends.
  private func difference(_ x: Node, _ axis: Int) throws -> Node {
    let size = x.shape[axis]
    guard size > order else { return try x - x }
    let steps = try (1...order).reduce(x) { x, done in
      let left = size - done
      return try x.slice(axis: axis, 1..<left + 1) - x.slice(axis: axis, 0..<left)
    }
    var after = x.shape.map { _ in 0 }
    after[axis] = order
    return try steps.padded(before: after.map { _ in 0 }, after: after)
  }
}

/// 1 - SSIM (Wang et al. 2004), with a uniform window of 7 elements a side and the constants of a
/// data range of `range`; over all windows that lie inside.
public struct StructuralLoss: LossTerm {
  public let range: Double

  /// - Throws: `DenoiseError` where the range is not positive.
  public init(range: Double = 4) throws {
    guard range > 0 else { throw DenoiseError("ssim_loss takes a range above 0") }
    self.range = range
  }

  public var description: String { "ssim_loss(range=\(range.plain))" }

  public func value(prediction f: Node, target y: Node, hidden: Node) throws -> Node {
    let space = f.shape.dropFirst(2)
    let smallest = space.min() ?? 1
    let side = min(7, smallest % 2 == 1 ? smallest : max(1, smallest - 1))
    let channels = f.shape[1]
    let window = [channels, 1] + space.map { _ in side }
    let taps = Float(1 / Double(window.dropFirst(2).reduce(1, *)))
    let kernel = f.graph.constant(Tensor(repeating: taps, shape: window))
    func blurred(_ x: Node) throws -> Node {
      let blurred = try x.convolved(with: kernel, groups: channels)
      let starts = [0, 0] + space.map { _ in side / 2 }
      return try blurred.slice(
        starts: starts, steps: starts.map { _ in 1 },
        target: Array(f.shape.prefix(2)) + space.map { $0 - side + 1 })
    }
    let (mf, my) = (try blurred(f), try blurred(y))
    let vf = try blurred(f.square()) - mf.square()
    let vy = try blurred(y.square()) - my.square()
    let covariance = try blurred(f * y) - mf * my
    let c1 = 1e-4 * range * range
    let c2 = 9e-4 * range * range
    let top = try (mf * my * 2 + c1) * (covariance * 2 + c2)
    let bottom = try (mf.square() + my.square() + c1) * (vf + vy + c2)
    return try 1 - (top / bottom).mean()
  }
}
