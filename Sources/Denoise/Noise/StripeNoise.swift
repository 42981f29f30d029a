import TensorEngine

/// `stripes(amplitude, axis)`: each line along the axis is shifted as a whole by amplitude n, with
/// n standard normal: the stripes of a line scanner or of a detector's read-out.
public struct StripeNoise: Noise {
  public let amplitude: Double
  /// The axis that the stripes run along: `X`, `Y` or `Z`.
  public let axis: Character

  /// - Throws: `DenoiseError` for a negative amplitude.
  public init(amplitude: Double, axis: Character = "X") throws {
    guard amplitude >= 0, amplitude.isFinite else {
      throw DenoiseError.strength("amplitude", amplitude)
    }
    self.amplitude = amplitude
    self.axis = Character(axis.uppercased())
  }

  public var description: String {
    "stripes(amplitude=\(amplitude.plain), axis=\(axis.lowercased()))"
  }

  public func noisyValues(of image: Image, seed: UInt64) throws -> [Float] {
    guard let dimension = image.dimension(of: axis) else {
      throw DenoiseError("the image has no axis \(axis) (its axes are \(image.axes))")
    }
    let count = image.shape[dimension]
    let inner = image.shape[(dimension + 1)...].reduce(1, *)
    var values = image.tensor.values
    guard !values.isEmpty else { return values }
    let shifts = PointwiseNoise.normals(count: values.count / count, seed: seed)
    for index in values.indices {
      let line = index / (count * inner) * inner + index % inner
      values[index] += Float(amplitude) * shifts[line]
    }
    return values
  }
}
