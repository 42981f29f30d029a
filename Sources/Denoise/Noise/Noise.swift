import TensorEngine

/// A kind of noise, with its strength in the image's own units.
public protocol Noise: Sendable, CustomStringConvertible {
  /// The values of the image with noise added, unclipped, row-major.
  ///
  /// - Throws: `DenoiseError` where the kind does not suit the image.
  func noisyValues(of image: Image, seed: UInt64) throws -> [Float]
}

extension Noise {
  /// The image with noise added. The same image and seed give the same values, whatever the number
  /// of threads. Values are not clipped or rounded, so the result is held as `float32`.
  public func applied(to image: Image, seed: UInt64) throws -> Image {
    var noisy = try image.with(noisyValues(of: image, seed: seed))
    noisy.stored = .float32
    return noisy
  }
}

/// Noise drawn for each element on its own.
enum PointwiseNoise {
  /// Elements that share a random stream.
  private static let chunk = 16_384

  static func apply(
    to values: [Float], seed: UInt64,
    _ noisy: (_ value: Float, _ stream: inout RandomStream) -> Float
  ) -> [Float] {
    let chunks = (values.count + chunk - 1) / chunk
    let parts = Parallel.map(chunks) { index in
      var stream = RandomStream(seed: seed, purpose: .noise, sample: index)
      let range = index * chunk..<min(values.count, (index + 1) * chunk)
      return range.map { noisy(values[$0], &stream) }
    }
    return parts.flatMap { $0 }
  }

  /// Independent standard normal numbers.
  static func normals(count: Int, seed: UInt64) -> [Float] {
    apply(to: Array(repeating: 0, count: count), seed: seed) { _, stream in stream.normal() }
  }
}

extension DenoiseError {
  static func strength(_ name: String, _ value: Double) -> DenoiseError {
    DenoiseError("\(name) must be a number of 0 or more, not \(value.plain)")
  }
}
