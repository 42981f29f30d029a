/// A number that a denoiser takes.
public struct DenoiserParameter: Sendable, Equatable {
  public let name: String
  public let summary: String
  /// The default; nil where the image decides, such as the noise level.
  public let standard: Double?
  public let range: ClosedRange<Double>
  /// Whether only whole numbers will do.
  public let isWhole: Bool

  init(
    _ name: String, _ summary: String, standard: Double?, in range: ClosedRange<Double>,
    whole: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.standard = standard
    self.range = range
    isWhole = whole
  }

  /// The noise's standard deviation, which most denoisers take.
  static let sigma = DenoiserParameter(
    "sigma", "standard deviation of the noise, in the image's units (default: estimated)",
    standard: nil, in: 0...1e30)

  fileprivate func check(_ value: Double, of denoiser: String) throws {
    guard range.contains(value) else {
      throw DenoiseError(
        "\(name) of `\(denoiser)` must be \(range.lowerBound.plain) ... "
          + "\(range.upperBound.plain), not \(value.plain)")
    }
    guard !isWhole || value == value.rounded() else {
      throw DenoiseError(
        "\(name) of `\(denoiser)` must be a whole number, not \(value.plain)")
    }
  }
}

/// The values of a denoiser's parameters.
public struct DenoiserSettings: Sendable, Equatable {
  private var values: [String: Double] = [:]

  init() {}

  /// What was set, or the parameter's default; nil where the image decides.
  public func given(_ parameter: DenoiserParameter) -> Double? {
    values[parameter.name] ?? parameter.standard
  }

  /// The value of a parameter that has a default.
  subscript(parameter: DenoiserParameter) -> Double { given(parameter) ?? 0 }

  /// The whole number of a parameter that has a default.
  func whole(_ parameter: DenoiserParameter) -> Int { Int(self[parameter]) }

  func setting(
    _ changes: [String: Double], of denoiser: any Denoiser.Type
  ) throws -> DenoiserSettings {
    var result = self
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard let parameter = denoiser.parameters.first(where: { $0.name == name }) else {
        throw DenoiseError(
          "`\(denoiser.name)` has no parameter \(name)",
          hint: "it takes " + denoiser.parameters.map(\.name).joined(separator: ", "))
      }
      try parameter.check(value, of: denoiser.name)
      result.values[name] = value
    }
    return result
  }
}
