import TensorEngine

/// A classical denoiser: a value with named numeric parameters, which may be calibrated without
/// truth (`Calibration`).
public protocol Denoiser: Sendable, CustomStringConvertible {
  /// As the language calls it: `median_filter`.
  static var name: String { get }
  static var summary: String { get }
  /// What may be set, in the order in which it is printed.
  static var parameters: [DenoiserParameter] { get }
  /// What its elements are compared with when it is calibrated.
  static var blindSpot: CalibrationMask { get }

  var settings: DenoiserSettings { get }
  /// - Parameter settings: Checked against `parameters`.
  init(settings: DenoiserSettings)

  /// The denoised image; its axes and description stay.
  ///
  /// - Throws: `DenoiseError` where the denoiser does not suit the image; `Interrupted`.
  func denoised(_ image: Image) throws -> Image
}

extension Denoiser {
  public static var blindSpot: CalibrationMask { .grid }

  /// A denoiser with some parameters set and the others at their defaults.
  ///
  /// - Throws: `DenoiseError` for an unknown name or a value out of range.
  public init(_ values: [String: Double] = [:]) throws {
    let settings = DenoiserSettings()
    self.init(settings: try settings.setting(values, of: Self.self))
  }

  /// The same denoiser with other values of some parameters.
  ///
  /// - Throws: `DenoiseError` for an unknown name or a value out of range.
  public func with(_ values: [String: Double]) throws -> Self {
    Self(settings: try settings.setting(values, of: Self.self))
  }

  public var description: String {
    let parts = Self.parameters.compactMap { parameter in
      settings.given(parameter).map { "\(parameter.name)=\($0.plain)" }
    }
    return "\(Self.name)(\(parts.joined(separator: ", ")))"
  }

  /// Denoises each spatial plane or volume of an image on its own. Elements that are no numbers
  /// take the mean of the others, so that they do not spread.
  func eachPlane(
    of image: Image, _ denoise: (_ values: [Float], _ shape: [Int]) throws -> [Float]
  ) throws -> Image {
    let planes = try Planes(of: image)
    return try planes.assembled(
      (0..<planes.count).map { plane in
        try Interrupt.check()
        return try denoise(planes.values(plane).withoutGaps, planes.spatial)
      })
  }
}

extension Denoiser {
  /// Denoises the colours of each picture together: its channels, two to four, are handed over at
  /// once; other channels, samples and times one by one.
  func eachPicture(
    of image: Image, _ denoise: (_ channels: [[Float]], _ shape: [Int]) throws -> [[Float]]
  ) throws -> Image {
    let planes = try Planes(of: image)
    let together = planes.colours
    var results: [[Float]] = []
    for first in stride(from: 0, to: planes.count, by: together) {
      try Interrupt.check()
      results += try denoise(
        (first..<first + together).map { planes.values($0).withoutGaps }, planes.spatial)
    }
    return try planes.assembled(results)
  }
}

/// All classical denoisers, in the order in which they are listed.
public enum Denoisers {
  public static let all: [any Denoiser.Type] = [
    GaussianFilter.self, MedianFilter.self, TVFilter.self, WaveletFilter.self, NLMFilter.self,
    BilateralFilter.self, BM3DFilter.self, PCAFilter.self, DiffusionFilter.self,
  ]

  /// - Throws: `DenoiseError` where there is no denoiser of the name.
  public static func named(_ name: String) throws -> any Denoiser.Type {
    guard let found = all.first(where: { $0.name == name }) else {
      throw DenoiseError(
        "there is no denoiser `\(name)`",
        hint: "denoisers are " + all.map { $0.name }.joined(separator: ", "))
    }
    return found
  }
}
