import TensorEngine

extension Image {
  /// (1 - share) x this + share x other.
  ///
  /// - Throws: `DenoiseError` where the shapes differ.
  public func mixed(with other: Image, share: Double) throws -> Image {
    guard shape == other.shape else {
      throw DenoiseError(
        "the images differ in shape: \(shape.asShape) and \(other.shape.asShape)",
        hint: "`crop` or `pad` them to one shape")
    }
    let (a, b) = (Float(1 - share), Float(share))
    let (own, others) = (tensor.values, other.tensor.values)
    let values = ParallelArray.make(count: own.count) { range in
      range.map { a * own[$0] + b * others[$0] }
    }
    var result = try with(values)
    result.stored = .float32
    return result
  }

  /// This less another of the same shape, element by element.
  func minus(_ other: Image) throws -> Image {
    let (own, others) = (tensor.values, other.tensor.values)
    return try with(ParallelArray.make(count: own.count) { $0.map { own[$0] - others[$0] } })
  }

  /// Intensities on a common scale, each channel on its own over all samples.
  ///
  /// - Throws: `DenoiseError` where the percentiles are not in order or the image has no space.
  public func normalized(_ method: Normalization) throws -> Image {
    let layout = try SampleLayout(of: self)
    let batch = try Tensor.stacked(layout.samples(of: self))
    let scaled = try method.fitted(to: [batch]).applied(to: batch)
    var result = try layout.image(
      from: (0..<layout.sampleCount).map { try scaled.part($0) }, like: self)
    result.stored = .float32
    return result
  }
}
