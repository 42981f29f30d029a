/// What can be known of a command without running it, derived from its declaration.
public final class CommandSpec {
  public let name: String
  public let summary: String
  public let details: String
  public let examples: [Example]
  public let role: CommandRole
  public let group: String
  let type: any Command.Type
  /// Read from the declaration when first asked for, so that starting up costs nothing.
  public private(set) lazy var parameters = CommandSpec.parameters(of: type.init())

  init(_ type: any Command.Type) {
    self.type = type
    name = type.name
    summary = type.summary
    details = type.details
    examples = type.examples
    role = type.role
    group = type.group
  }

  public var positional: [Parameter] { parameters.filter { $0.kind == .positional } }
  /// Options by name, in the order of their declaration.
  public var options: [Parameter] { parameters.filter { $0.kind == .option } }
  public var rest: Parameter? {
    parameters.first { if case .rest = $0.kind { true } else { false } }
  }
  public var block: Parameter? { parameters.first { $0.kind == .block } }
  public var takesOtherOptions: Bool { parameters.contains { $0.kind == .otherOptions } }

  /// Whether it can be called without a word.
  var needsArguments: Bool { parameters.contains(where: \.isRequired) }

  func parameter(_ name: String) -> Parameter? {
    parameters.first { $0.name == name && ($0.kind == .option || $0.kind == .positional) }
  }

  /// The parameters of a command's instance, bound to that instance.
  static func parameters(of command: any Command) -> [Parameter] {
    Mirror(reflecting: command).children.compactMap { child in
      guard let declared = child.value as? any DeclaredParameter, let label = child.label else {
        return nil
      }
      return declared.parameter(named: languageName(label))
    }
  }

  /// `_perChannel`, the storage of a wrapped property, as `per_channel`.
  private static func languageName(_ label: String) -> String {
    var name = ""
    for character in label.drop(while: { $0 == "_" }) {
      name += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
    return name
  }

  /// How a call looks: `psnr IMAGE TRUTH [peak=255]`.
  public var usage: String { usage(of: parameters) }

  /// The same for hints: many options are not told one by one.
  var shortUsage: String {
    guard options.count > CommandSpec.mostInHints else { return usage }
    return usage(of: parameters.filter { $0.kind != .option || $0.isRequired })
      + " [options: see `help \(name)`]"
  }

  private static let mostInHints = 10

  private func usage(of parameters: [Parameter]) -> String {
    let words = parameters.map { parameter -> String in
      let word: String
      switch parameter.kind {
      case .positional: word = parameter.name.uppercased()
      case .rest: word = parameter.name.uppercased() + " …"
      case .option: word = parameter.name + "=" + (parameter.defaultText ?? "")
      case .otherOptions: word = "name=…"
      case .block: word = "{ … }"
      }
      return parameter.isRequired ? word : "[" + word + "]"
    }
    return ([name] + words).joined(separator: " ")
  }
}
