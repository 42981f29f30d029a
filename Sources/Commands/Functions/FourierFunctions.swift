import Denoise
import Lang
import TensorEngine

/// `fft` and `ifft` of images.
enum FourierFunctions {
  static var all: [Builtin] { [forward, backward] }

  /// Names of the channels of complex numbers.
  private static let parts = ["re", "im"]

  private static var forward: Builtin {
    Builtin(
      "fft", "x", group: "Images",
      "Fourier transform over space: an image with a leading axis C of real and imaginary parts",
      examples: [Example("spectrum = fft(noisy)"), Example("fft([1, 0, 0, 0])")]
    ) { call in
      if case .traced = call[0] { throw untraceable(call) }
      return .image(try transformed(ImageArgument.image(call[0], call.name)))
    }
  }

  private static var backward: Builtin {
    Builtin(
      "ifft", "x", options: [BuiltinOption("complex")], group: "Images",
      "inverse Fourier transform of what `fft` gives: the real part, or both with complex=true",
      examples: [Example("again = ifft(fft(noisy))")]
    ) { call in
      if case .traced = call[0] { throw untraceable(call) }
      guard let spectrum = call[0].asImage else {
        throw call.mismatch(0, "an image that `fft` gave")
      }
      var both = false
      if let wanted = call.named["complex"] {
        guard let flag = Bool.bind(wanted) else {
          throw LangError("`complex` takes true or false, not \(Show.brief(wanted))")
        }
        both = flag
      }
      return .image(try inverted(spectrum, both: both))
    }
  }

  private static func untraceable(_ call: BuiltinCall) -> LangError {
    LangError("`\(call.name)` has no gradient, so a function that is differentiated cannot use it")
  }

  private static func transformed(_ image: Image) throws -> Image {
    guard image.dimension(of: "C") == nil else {
      throw LangError(
        "`fft` takes an image without channels, not \(image.axes)",
        hint: "take one at a time: `img[c=0]`")
    }
    let planes = try SpatialPlanes(of: image)
    let spectra = try planes.values.map { try Spectrum(of: $0, shape: planes.space).values }
    return try complex(spectra.flatMap { $0 }, like: image, planes)
  }

  private static func inverted(_ image: Image, both: Bool) throws -> Image {
    guard image.axes.first == "C", image.shape.first == 2, image.tensor.rank > 1 else {
      throw LangError(
        "`ifft` takes an image with a leading axis C of real and imaginary parts, not "
          + "\(image.shape.asShape) \(image.axes)", hint: "`fft` gives such images")
    }
    var plain = try image.slice(
      [.at(0)] + image.shape.dropFirst().map { .range(start: 0, count: $0, step: 1) })
    let imaginary = try image.slice(
      [.at(1)] + image.shape.dropFirst().map { .range(start: 0, count: $0, step: 1) })
    let (real, other) = (try SpatialPlanes(of: plain), try SpatialPlanes(of: imaginary))
    let results = try zip(real.values, other.values).map { a, b in
      try Spectrum(zip(a, b).map { SIMD2($0, $1) }, shape: real.space).inverted()
    }.flatMap { $0 }
    if both { return try complex(results, like: plain, real) }
    plain.tensor = try real.assembled(results.map(\.x))
    plain.stored = .float32
    return plain
  }

  /// Complex numbers as an image of two channels.
  private static func complex(
    _ numbers: [SIMD2<Float>], like image: Image, _ planes: SpatialPlanes
  ) throws -> Image {
    let tensor = try Tensor.stacked([
      planes.assembled(numbers.map(\.x)), planes.assembled(numbers.map(\.y)),
    ])
    return try Image(
      tensor, axes: "C" + image.axes, voxel: image.voxel, unit: image.unit, origin: image.origin,
      path: image.path, channels: parts)
  }
}

/// An image as arrays over its space, and the way back.
private struct SpatialPlanes {
  let space: [Int]
  let values: [[Float]]
  private let order: [Int]
  private let moved: [Int]

  /// - Throws: `LangError` for an image without space.
  init(of image: Image) throws {
    let letters = Array(image.axes)
    let spatial = letters.indices.filter { "ZYXQ".contains(letters[$0]) }
    guard !spatial.isEmpty, image.tensor.count > 0 else {
      throw LangError("an image of \(image.shape.asShape) \(image.axes) has no space")
    }
    order = letters.indices.filter { !spatial.contains($0) } + spatial
    moved = order.map { image.shape[$0] }
    space = spatial.map { image.shape[$0] }
    let all = try image.tensor.permuted(order).values
    let area = space.product
    values = (0..<all.count / area).map { Array(all[$0 * area..<($0 + 1) * area]) }
  }

  func assembled(_ numbers: [Float]) throws -> Tensor {
    var back = order
    for (to, from) in order.enumerated() { back[from] = to }
    return try Tensor(numbers, shape: moved).permuted(back)
  }
}
