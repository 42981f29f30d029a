import TensorEngine

/// The local resolution of a pair of volumes: the shell correlation in a window about each point of
/// a grid, and where it falls below a threshold (Cardone et al. 2013).
public struct LocalCorrelation: Sendable {
  /// Side of a window, in voxels.
  public let window: Int
  /// Voxels between the middles of windows.
  public let step: Int
  public let threshold: Double

  /// - Throws: `DenoiseError` for a window of less than 8 voxels or a threshold outside 0...1.
  public init(window: Int = 20, step: Int = 5, threshold: Double = 0.5) throws {
    guard window >= 8, step >= 1, threshold > 0, threshold < 1 else {
      throw DenoiseError(
        "local correlations take windows of 8 voxels or more, a step of 1 or more and a threshold "
          + "between 0 and 1")
    }
    self.window = window
    self.step = step
    self.threshold = threshold
  }

  /// The resolution at each voxel, as a length in the voxel's unit (in voxels where that is
  /// unknown): the smaller, the finer. Between the points of the grid it is interpolated; where the
  /// window shares nothing it is the window's own length.
  ///
  /// - Parameters:
  ///   - a: One half, a volume or picture; `b` the other.
  ///   - observe: told the share that is done, 0 to 1.
  /// - Throws: `DenoiseError` where the images differ in shape or are smaller than the window;
  ///   `Interrupted`.
  public func map(_ a: Image, _ b: Image, observe: (Double) -> Void = { _ in }) throws -> Image {
    try Metrics.check(a.tensor, b.tensor)
    guard a.spatialDimensions.count == a.tensor.rank, a.tensor.rank >= 2 else {
      throw DenoiseError("local correlations are of two pictures or volumes, not of \(a.axes)")
    }
    guard a.shape.allSatisfy({ $0 >= window }) else {
      throw DenoiseError(
        "a window of \(window) does not fit \(a.shape.asShape)", hint: "use a smaller `window`")
    }
    let places = a.shape.map { side in
      Swift.stride(from: 0, to: side - window, by: step) + [side - window]
    }
    let counts = places.map(\.count)
    let spacing = a.voxel ?? a.shape.map { _ in 1 }
    let soft = try SoftMask.ball(
      in: Image(Tensor(repeating: 0, shape: a.shape.map { _ in window }), axes: a.axes),
      radius: 0.35 * Double(window), edge: 0.15 * Double(window))
    var resolutions: [Float] = []
    let total = counts.product
    for start in Swift.stride(from: 0, to: total, by: 256) {
      try Interrupt.check()
      let found = Parallel.map(min(256, total - start)) { index in
        let origin = zip(places, counts.position(of: start + index)).map { $0[$1] }
        return Result { try resolution(a, b, at: origin, soft, spacing) }
      }
      resolutions += try found.map { try $0.get() }
      observe(Double(resolutions.count) / Double(total))
    }
    let middles = places.map { $0.map { Float($0) + Float(window - 1) / 2 } }
    var result = try a.with(
      GridInterpolation.values(resolutions, shape: counts, at: middles, onto: a.shape))
    result.stored = .float32
    return result
  }

  private func resolution(
    _ a: Image, _ b: Image, at origin: [Int], _ mask: Image, _ spacing: [Double]
  ) throws -> Float {
    let box = Box(origin: origin, size: origin.map { _ in window })
    func part(_ image: Image) throws -> Image {
      let values = box.values(of: image.tensor.values, shape: image.shape)
      // The mean would be a signal that both windows share.
      let mean = Float(values.average)
      return try Image(
        Tensor(values.map { $0 - mean }, shape: box.size), axes: a.axes, voxel: spacing)
    }
    let shells = try ShellCorrelation(part(a), part(b), mask: mask)
    return Float(
      shells.resolution(at: threshold) ?? Double(window) * (spacing.max() ?? 1))
  }
}

/// Values on a coarse grid, linearly interpolated along each axis.
enum GridInterpolation {
  /// - Parameters:
  ///   - points: For each axis where the values lie, rising; outside them the outermost hold.
  static func values(
    _ values: [Float], shape: [Int], at points: [[Float]], onto target: [Int]
  ) -> [Float] {
    var (values, shape) = (values, shape)
    for axis in shape.indices {
      let weights = (0..<target[axis]).map { index in
        let (low, share) = points[axis].place(of: Float(index))
        return (low, min(1, max(0, share)))
      }
      let inner = shape[(axis + 1)...].product
      let outer = shape[..<axis].product
      var result: [Float] = []
      result.reserveCapacity(outer * target[axis] * inner)
      for slab in 0..<outer {
        for (low, share) in weights {
          let high = min(low + 1, shape[axis] - 1)
          let (from, to) = ((slab * shape[axis] + low) * inner, (slab * shape[axis] + high) * inner)
          for offset in 0..<inner {
            result.append(values[from + offset] * (1 - share) + values[to + offset] * share)
          }
        }
      }
      values = result
      shape[axis] = target[axis]
    }
    return values
  }
}
