import TensorEngine

/// Tells the error of denoised images without truth.
protocol ErrorEstimate {
  /// As measured.
  var noisy: Image { get }

  /// The mean squared error of a denoised image, more by what is the same for all: the variance of
  /// the noise.
  ///
  /// - Parameters:
  ///   - denoised: what was made of `noisy`.
  ///   - denoise: makes the same of other images.
  func error(of denoised: Image, by denoise: (Image) throws -> Image) throws -> Double
}

/// The error against another exposure, whose noise no result from the first can know.
struct PairEstimate: ErrorEstimate {
  let noisy: Image
  let other: Image
  /// The elements that are compared.
  let places: [Int]

  func error(of denoised: Image, by denoise: (Image) throws -> Image) throws -> Double {
    let (values, measured) = (denoised.tensor.values, other.tensor.values)
    let squares = places.reduce(0.0) { sum, index in
      let difference = Double(values[index] - measured[index])
      return difference.isFinite ? sum + difference * difference : sum
    }
    return squares / Double(max(1, places.count))
  }
}
