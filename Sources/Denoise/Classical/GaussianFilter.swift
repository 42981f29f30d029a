import TensorEngine

/// `gaussian_filter(sigma)`: the mean of the neighbours, weighted by a Gaussian.
public struct GaussianFilter: Denoiser {
  public static let name = "gaussian_filter"
  public static let summary = "smoothing by a Gaussian"
  public static let parameters = [width]
  static let width = DenoiserParameter(
    "sigma", "standard deviation of the Gaussian, in pixels", standard: 1, in: 0...1_000)

  public let settings: DenoiserSettings
  public init(settings: DenoiserSettings) { self.settings = settings }

  public func denoised(_ image: Image) throws -> Image {
    let filter = AxisFilter.gaussian(
      sigma: settings[GaussianFilter.width], border: .symmetric)
    return try eachPlane(of: image) { values, shape in
      filter.applied(to: values, shape: shape, axes: shape.indices)
    }
  }
}
