/// The discrete Fourier transform along some axes, without a scale. Axis 0 holds the real and the
/// imaginary parts.
struct Fourier: GenericOp {
  static let name = "fourier"
  let axes: [Int]
  let inverse: Bool

  func shape(_ inputs: [[Int]]) throws -> [Int] {
    let shape = inputs[0]
    guard shape.first == 2, Set(axes).count == axes.count,
      axes.allSatisfy({ (1..<max(1, shape.count)).contains($0) })
    else {
      throw TensorError(
        "a Fourier transform along axes \(axes) takes complex numbers, [2, …], "
          + "not \(shape.asShape)")
    }
    return shape
  }

  func scratch(_ inputs: [[Int]], threads: Int) -> Int {
    kernels(Array(inputs[0].dropFirst()), as: Float.self)
      .map { $0.scratch(threads: threads) }.max() ?? 0
  }

  private func kernels<T: Scalar>(_ shape: [Int], as type: T.Type) -> [FourierKernel<T>] {
    axes.map { FourierKernel(shape: shape, axis: $0 - 1, inverse: inverse) }
  }

  func compute<T: Scalar>(_ call: Call<T>) {
    let half = call.y.count / 2
    call.y.base.update(from: call.x[0].base, count: call.y.count)
    guard half > 0, let scratch = call.scratch else { return }
    for kernel in kernels(Array(call.y.shape.dropFirst()), as: T.self) {
      kernel.run(call.y.base, call.y.base + half, scratch: scratch)
    }
  }

  /// The adjoint of the transform is the transform of the other direction.
  func gradient(_ rule: Rule) throws -> [Node?] {
    [try rule.dy.fourier(axes: axes, inverse: !inverse)]
  }
}

extension Node {
  /// Real numbers as complex ones: `[2, shape…]`, the second half zero.
  public func complex() throws -> Node {
    try reshape([1] + shape).padded(
      before: [0] + shape.map { _ in 0 }, after: [1] + shape.map { _ in 0 })
  }

  /// The discrete Fourier transform of complex numbers `[2, …]` along some axes, without a scale:
  /// there and back multiplies by the lengths of the axes.
  ///
  /// - Throws: `TensorError` where axis 0 is not of size 2 or an axis is not there.
  public func fourier(axes: [Int], inverse: Bool = false) throws -> Node {
    try graph.apply(Fourier(axes: axes, inverse: inverse), [self])
  }
}
