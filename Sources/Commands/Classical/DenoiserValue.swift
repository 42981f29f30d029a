import Denoise
import Lang

/// A classical denoiser as the language holds it, with the ranges that `calibrate` is to try.
struct DenoiserValue: HostObject, Bindable {
  static let typeName = "a denoiser, such as `median_filter(radius=2)`"
  let denoiser: any Denoiser
  /// Parameters that have more than one value.
  var trials: [(parameter: String, setting: DenoiserSetting)] = []

  var kind: String { "denoiser" }

  var display: String {
    guard !trials.isEmpty else { return denoiser.description }
    let type = Swift.type(of: denoiser)
    let parts = type.parameters.compactMap { parameter -> String? in
      if let trial = trials.first(where: { $0.parameter == parameter.name }) {
        return "\(parameter.name)=\(Show.inline(trial.setting.value))"
      }
      return denoiser.settings.given(parameter).map {
        "\(parameter.name)=\(NumberText.short($0))"
      }
    }
    return "\(type.name)(\(parts.joined(separator: ", ")))"
  }

  /// The denoiser, where every parameter is one number.
  ///
  /// - Throws: `LangError` where there are ranges.
  func settled(for argument: String) throws -> any Denoiser {
    guard let first = trials.first else { return denoiser }
    throw LangError(
      "`\(first.parameter)` of \(display) has several values",
      hint: "give one, or let `calibrate` choose: `calibrate noisy \(display)`",
      argument: argument)
  }
}

/// What a parameter of a denoiser takes: a number, or the numbers to try.
struct DenoiserSetting: Bindable {
  static let typeName = "a number, or a range or list of numbers to calibrate over"
  let numbers: [Double]
  let value: Value

  static func bind(_ value: Value) -> DenoiserSetting? {
    let numbers = value.asNumber.map { [$0] } ?? value.asNumbers
    guard let numbers, !numbers.isEmpty, numbers.count <= 10_000 else { return nil }
    return DenoiserSetting(numbers: numbers, value: value)
  }
}
