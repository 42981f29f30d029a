import TensorEngine

/// The error of denoised images, estimated without truth from the noise that is known (Stein 1981).
///
/// The squared distance of a result f from what was measured, m, is made good by how much of the
/// noise f lets through: 2 v df/dm, the derivative by a random push of all pixels (Ramani, Blu and
/// Unser 2008), v the variance of the noise at the pixel's brightness. What is left out is the same
/// for all, v itself. Where neighbours share their noise, pushes do so too, and its covariance
/// takes the place of v.
struct SteinEstimate: ErrorEstimate {
  let noisy: Image
  /// The noisy image with each element pushed up or down.
  private let pushed: Image
  /// The elements at which distances are measured; all where nil.
  private let places: [Int]?

  /// How far elements are pushed, in standard deviations of their noise.
  private static let push = 0.1

  /// - Parameter guide: the image with its noise taken off, which tells the brightness.
  /// - Throws: `DenoiseError` for images without space.
  init(
    of noisy: Image, guide: Image, noise: NoiseCurve, at places: [Int]? = nil,
    _ stream: inout RandomStream
  ) throws {
    (self.noisy, self.places) = (noisy, places)
    var signs = noisy.tensor.values.map { _ in Float(stream.bernoulli(0.5) ? 1 : -1) }
    if let correlation = noise.correlation {
      let planes = try Planes(of: noisy.with(signs))
      signs = try planes.assembled(
        (0..<planes.count).map { correlation.applied(to: planes.values($0), shape: planes.spatial) }
      ).tensor.values
    }
    let pushes = zip(signs, guide.tensor.values).map { sign, value in
      Float(SteinEstimate.push * noise.deviation(at: Double(value))) * sign
    }
    pushed = try noisy.with(zip(noisy.tensor.values, pushes).map(+))
  }

  func error(of denoised: Image, by denoise: (Image) throws -> Image) throws -> Double {
    let (measured, moved) = (noisy.tensor.values, pushed.tensor.values)
    let (before, after) = (denoised.tensor.values, try denoise(pushed).tensor.values)
    var own = 0.0
    for index in measured.indices {
      let part = Double(moved[index] - measured[index]) * Double(after[index] - before[index])
      if part.isFinite { own += part }
    }
    own /= SteinEstimate.push * SteinEstimate.push
    var squares = 0.0
    var count = 0.0
    func add(_ index: Int) {
      let difference = Double(before[index] - measured[index])
      guard measured[index].isFinite else { return }
      squares += difference * difference
      count += 1
    }
    if let places { places.forEach(add) } else { measured.indices.forEach(add) }
    return squares / max(1, count) + 2 * own / Double(max(1, measured.count))
  }
}
