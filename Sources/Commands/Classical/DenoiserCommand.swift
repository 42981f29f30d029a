import Denoise
import Lang

/// A command that makes a classical denoiser; name, help and checks are those of the denoiser.
protocol DenoiserCommand: Command {
  associatedtype Filter: Denoiser
  /// The parameters that were given, by their names.
  var settings: [(name: String, setting: DenoiserSetting?)] { get }
}

extension DenoiserCommand {
  static var name: String { Filter.name }
  static var summary: String { Filter.summary }
  static var details: String {
    "A parameter may be a range or a list of numbers, which `calibrate` chooses from."
  }
  static var role: CommandRole { .value }
  static var group: String { "Denoisers" }

  /// What a parameter is, in the denoiser's own words.
  static func help(_ parameter: String) -> String {
    guard let found = Filter.parameters.first(where: { $0.name == parameter }) else { return "" }
    return found.summary
      + (found.standard.map { " (default: \(NumberText.short($0)))" } ?? "")
  }

  func run(in context: Context) throws -> Value {
    var fixed: [String: Double] = [:]
    var trials: [(String, DenoiserSetting)] = []
    for case (let name, let setting?) in settings {
      // Every number is checked now, not in the midst of a calibration.
      for number in setting.numbers { _ = try Filter([name: number]) }
      fixed[name] = setting.numbers[0]
      if setting.numbers.count > 1 { trials.append((name, setting)) }
    }
    return .host(DenoiserValue(denoiser: try Filter(fixed), trials: trials))
  }
}
