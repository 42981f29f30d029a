import Denoise
import TensorEngine

/// Small data for trainings that take seconds.
enum SmallData {
  /// Normal random numbers, the same at every call.
  static func random(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .sample)
    return Tensor(shape: shape) { _ in stream.normal() }
  }

  /// An image of random numbers.
  static func image(_ shape: [Int], axes: String? = nil, seed: UInt64 = 1) throws -> Image {
    try Image(random(shape, seed: seed), axes: axes)
  }

  /// Axes of `channels` over a space of so many dimensions.
  static func axes(_ dimensions: Int) -> String { "C" + "ZYX".suffix(dimensions) }

  /// A smooth picture and the same with white noise of `sigma`, by axes: sums of waves of
  /// standard deviation about 1.
  static func waves(
    _ shape: [Int], axes: String, sigma: Float = 0.5, seed: UInt64 = 3
  ) throws -> (noisy: Image, truth: Image) {
    let letters = Array(axes)
    let strides = shape.strides
    let truth = Tensor(shape: shape) { index in
      var phase: Float = 0
      var product: Float = 1
      for (axis, letter) in letters.enumerated() {
        let place = Float(index / strides[axis] % shape[axis])
        if letter == "C" || letter == "S" {
          phase += place
        } else {
          product *= Elementary.sin(place * 0.35 + phase + Float(axis))
        }
      }
      return product * 2
    }
    let image = try Image(truth, axes: axes)
    return (try GaussianNoise(sigma: Double(sigma)).applied(to: image, seed: seed), image)
  }
}
